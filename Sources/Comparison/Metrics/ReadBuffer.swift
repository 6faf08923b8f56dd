import Basics
import Spec

/// What one thread needs to read many runs, and what runs have in common.
final class ReadBuffer {
  /// Their tables.
  let tables = TableBuffer()
  /// Settings that specs share.
  let specs = SpecSettingsReader()
  /// Texts that manifests share.
  let texts = SharedTexts()
}
