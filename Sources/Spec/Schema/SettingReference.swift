/// The settings of a kind of spec as a Markdown page.
struct SettingReference {
  let settings: [SettingDescription]
  var title = "Settings of an experiment"
  var introduction = """
    Every setting has one dotted path, used in overrides, sweeps, columns and messages alike. `N` stands for the position in
    a list, counted from 0. A setting without a default must be given.
    """

  /// A table for each first step of the paths.
  var markdown: String {
    var text = "# \(title)\n\n\(introduction)\n"
    var section = ""
    for setting in settings {
      if setting.path[0] != section {
        section = setting.path[0]
        text += "\n## \(section)\n\n| setting | values | default | meaning |\n|---|---|---|---|\n"
      }
      let path = "`\(setting.path.joined(separator: "."))`"
      let example = setting.example.map { ", as in `\($0)`" } ?? ""
      let cells = [path, setting.expected + example, setting.defaultText ?? "", setting.doc]
      text += "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }
    return text
  }
}
