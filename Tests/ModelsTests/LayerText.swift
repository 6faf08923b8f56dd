import Basics
import Testing

@testable import Models
@testable import Spec

/// The layers of a list in YAML.
func layers(_ text: String) throws -> [LayerSpec] {
  let document = YAMLReader.read(text, source: SourceText(file: "layers", text: text))
  var (layers, reader) = ([LayerSpec](), FieldReader())
  FieldType.layers(LayerCatalog.layers.choices).read(try #require(document.root), &layers, &reader)
  try #require(reader.diagnostics.isEmpty, "\(reader.diagnostics)")
  return layers
}
