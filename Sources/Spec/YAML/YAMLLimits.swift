/// What a spec may hold at most. Real ones stay far below; the limits keep hostile files cheap to refuse.
enum YAMLLimits {
  static let fileBytes = 1 << 20
  static let depth = 32
  static let nodes = 20_000
  static let scalarBytes = 64 << 10
  static let keyBytes = 128
  /// Lines that begin with `%`: libyaml compares each directive with all those before it.
  static let directives = 16
}
