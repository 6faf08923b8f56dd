import Glibc

/// The memory that this process may still take: the least of what the machine, its control groups and its own limits leave.
package struct AvailableMemory: Equatable, Sendable {
  /// One of the limits.
  package struct Limit: Equatable, Sendable {
    /// Bytes that may still be taken.
    package let bytes: Int
    /// What sets it, as in `the machine`.
    package let source: String

    package init(bytes: Int, source: String) { (self.bytes, self.source) = (max(0, bytes), source) }
  }

  /// What counts memory once it is touched; nil where the system does not say.
  package let touched: Limit?
  /// What counts memory once it is reserved; nil without a limit.
  package let reserved: Limit?

  package init(touched: Limit?, reserved: Limit?) {
    self.touched = touched
    self.reserved = reserved
  }

  /// Whether this process has a limit of its own, as few have.
  package static var hasOwnLimit: Bool { limit(RLIMIT_AS) != nil || limit(RLIMIT_DATA) != nil }

  private static func limit(_ resource: __rlimit_resource) -> Int? {
    var limits = rlimit()
    guard getrlimit(Int32(bitPattern: resource.rawValue), &limits) == 0, limits.rlim_cur < rlim_t(Int.max) else { return nil }
    return Int(limits.rlim_cur)
  }

  /// That of this process at this moment.
  package static var now: AvailableMemory {
    AvailableMemory(
      addressLimit: limit(RLIMIT_AS), dataLimit: limit(RLIMIT_DATA),
      pageSize: Int(sysconf(Int32(_SC_PAGESIZE))), read: read)
  }

  /// - Parameter read: gives the text of a file of the system, as `/proc/meminfo`, or nil.
  package init(addressLimit: Int?, dataLimit: Int?, pageSize: Int, read: @escaping (String) -> String?) {
    let machine = read("/proc/meminfo").flatMap { text -> Limit? in
      let fields = Self.fields(text)
      return fields["MemAvailable"].map {
        Limit(bytes: ($0 + (fields["SwapFree"] ?? 0)) * 1024, source: "the machine")
      }
    }
    let group = ControlGroups(read).memory().map { Limit(bytes: $0, source: "the control group") }
    touched = [machine, group].compactMap { $0 }.min { $0.bytes < $1.bytes }
    // Pages of the address space, and of data and stack.
    let used =
      read("/proc/self/statm")?.split(separator: " ").map { (Int($0) ?? 0) * pageSize } ?? []
    let addresses = addressLimit.map {
      Limit(bytes: $0 - (used.first ?? 0), source: "the address space (ulimit -v)")
    }
    let data = dataLimit.map {
      Limit(bytes: $0 - (used.count > 5 ? used[5] : 0), source: "the data segment (ulimit -d)")
    }
    reserved = [addresses, data].compactMap { $0 }.min { $0.bytes < $1.bytes }
  }

  /// The numbers of lines as `MemAvailable:   12345 kB` or `file 12345`, by their names.
  static func fields(_ text: String) -> [String: Int] {
    var fields: [String: Int] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(whereSeparator: { $0 == " " || $0 == ":" })
      if words.count >= 2, let value = Int(words[1]) { fields[String(words[0])] = value }
    }
    return fields
  }

  /// The text of a file of the system, whose size is not known beforehand.
  private static func read(_ path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while bytes.count < 1 << 20 {
      let count = Glibc.read(file, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
