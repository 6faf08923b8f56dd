/// An item of `watch`: what a run does by itself when a metric meets a condition.
package struct WatchRuleSpec: Equatable, Sendable {
  package var when: WatchCondition
  /// What is done, and its settings, which are beside it in the spec.
  package var action: Choice

  package init(when: WatchCondition, action: Choice) {
    self.when = when
    self.action = action
  }

  /// The rule in words, by which its state is kept: no two rules of a spec have the same.
  package var name: String { "\(when): \(action.key)" }
}

extension WatchRuleSpec {
  /// A rule that says nothing yet.
  static func blank(_ actions: Catalog) -> WatchRuleSpec {
    WatchRuleSpec(when: WatchCondition(column: "", test: .isFinite), action: actions.choices.first ?? .none)
  }

  /// An item of `watch`, with these actions to choose from.
  static func type(_ actions: Catalog) -> FieldType<WatchRuleSpec> {
    let keys = actions.schemas.flatMap(\.fields).map(\.key).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let schema = ObjectSchema(
      name: "a watch rule", blank: blank(actions),
      fields: [
        Field(
          "when", \.when, .condition,
          "A column of metrics.csv and what its value must be: above (>), >=, <, <=, ==, != a number, is finite, is not finite; for N: in N iterations in a row",
          default: .required, example: "gradient_norm > 50 for 200"),
        Field(
          "do", \.action, .key(of: actions),
          "What is done then: end the run; write a checkpoint; return to the last regular checkpoint before it began, with lower rates; lower the rates",
          default: .required, example: "stop"),
      ] + keys.map { Field(settingOfAnAction: $0, actions) })
    var type = FieldType.object(schema)
    // What a rule has depends on its action alone, not on which others there are.
    type.write = { rule in
      let head: [(key: String, value: YAMLValue)] = [("when", .text(rule.when.description)), ("do", .plain(rule.action.key))]
      guard case .mapping(let settings) = rule.action.yaml else { return .mapping(head) }
      return .mapping(head + settings)
    }
    return type
  }
}

extension Field where Root == WatchRuleSpec {
  /// The setting `key` of the actions that have it.
  fileprivate init(settingOfAnAction key: String, _ actions: Catalog) {
    func field(_ action: Choice) -> Field<Choice>? { action.erasedSchema.fields.first { $0.key == key } }
    let owners = actions.choices.filter { field($0) != nil }
    let own = field(owners[0])!
    var setting = own.settings(owners[0])[0]
    let expected = setting.expected
    let standard = setting.defaultText?.replacing("`", with: "") ?? ""
    setting.defaultText = "\(standard) for \(owners.map(\.key).joined(separator: " and "))"
    let described = setting
    self.init(
      key: key, doc: own.doc, isRequired: false,
      read: { node, rule, reader in
        guard let node, reader.isSound((reader.path + ["do"]).joined(separator: ".")) else { return }
        reader.descend(key) { reader in
          guard field(rule.action) != nil else {
            return reader.report(node.mark.error("\(reader.dottedPath) does not belong to '\(rule.action.key)'"))
          }
          if case .scalar("", isPlain: true) = node.content {
            reader.report(node, expected: expected, note: "leave the key out when there is none")
          }
        }
        field(rule.action)?.read(node, &rule.action, &reader)
      },
      write: { field($0.action)?.write($0.action) }, schema: { _ in own.schema(owners[0]).withoutDefaults.withoutNull },
      settings: { _ in [described] })
  }
}
