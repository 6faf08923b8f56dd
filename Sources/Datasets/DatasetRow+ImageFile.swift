import Runs

extension DatasetRow {
  /// The row of `dataset.csv` about `file`.
  package init(_ file: ImageFile) {
    self.init(
      path: file.path, sha256: file.sha256, bytes: file.byteCount, width: file.width, height: file.height,
      isUsed: file.skipReason == nil, reason: file.skipReason?.description ?? "")
  }
}
