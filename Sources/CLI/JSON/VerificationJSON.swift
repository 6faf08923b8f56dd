import Training

/// What `verify --json` prints.
struct VerificationJSON: Encodable {
  let run: String
  let from, to: Int
  /// Whether everything is equal to the last bit.
  let equal: Bool
  let differences: [String]
  let tensors, streams, rows, evaluations: Int
  /// Why checkpoints were passed over.
  let passedOver: [String]

  init(_ run: String, _ verification: Verification, _ report: Verification.Report) {
    self.run = run
    from = verification.from
    to = verification.to
    passedOver = verification.skipped
    (equal, differences) = (report.differences.isEmpty, report.differences)
    (tensors, streams, rows, evaluations) = (report.tensors, report.streams, report.rows, report.evaluations)
  }
}
