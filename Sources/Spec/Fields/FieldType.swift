/// What the value of a field looks like in YAML: how it is read, written and described.
package struct FieldType<Value> {
  /// What is accepted, with its article: `an integer from 2 to 1024`.
  var expected: String
  /// The JSON Schema of the value.
  var schema: JSON
  /// Reads the node over a value that holds the default. Leaves it when the node is wrong, after reporting.
  var read: (Node, inout Value, inout FieldReader) -> Void
  /// The value in YAML; nil leaves the key out.
  var write: (Value) -> YAMLValue?
  /// The settings below, with their paths from here.
  var settings: [SettingDescription] = []
  /// Steps of a path between this value and the settings below that are not keys, as `N` in `phases.N.fade`.
  var steps: [String] = []
}

/// A setting in the reference documentation.
struct SettingDescription {
  var path: [String]
  var expected: String
  /// The default in YAML, words for a default that depends on other settings, or nil for a required setting.
  var defaultText: String?
  var doc: String
  var example: String?
}
