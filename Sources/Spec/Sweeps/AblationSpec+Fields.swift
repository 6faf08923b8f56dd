import Basics

extension AblationSpec {
  /// Scalars of a name, which is a cell of tables.
  static let longestName = 60

  /// An item of `ablate`.
  static var schema: ObjectSchema<AblationSpec> {
    ObjectSchema(
      name: "a change", blank: AblationSpec(name: "", changes: []),
      fields: [
        Field("name", \.name, .text("a name"), "What tables call it", default: .required, example: "no drift"),
        Field(
          "changes", \.changes, .list(of: .text("an override as on the command line"), blank: "", count: 1...100),
          "Overrides of the experiment, as on the command line", default: .required, example: "[~loss.discriminator.drift]"),
      ])
  }

  /// What keeps the name from being one, and what to do about it; nil when nothing does. A table has names between numbers and must give
  /// them back as they were.
  var nameMistake: (reason: String, note: String)? {
    if name == SweepSpec.baseline {
      return ("'\(name)' is what tables call the experiment as it is", "give the change another name")
    }
    if name == SweepSpec.all { return ("'\(name)' is what tables call all changes at once", "give the change another name") }
    let isName =
      name.unicodeScalars.count <= Self.longestName && name.printable == name && name.first != " " && name.last != " "
      && Double(name) == nil
    if isName { return nil }
    return ("'\(name.shortened)' is no name of a change", "a name has 1 to \(Self.longestName) characters and is no number")
  }
}
