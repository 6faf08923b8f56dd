/// Neighboring values of a curve as one.
struct Bucket: Equatable {
  /// The mean place of the values.
  let x: Double
  /// The lower end of the band.
  let low: Double
  let mean: Double
  /// The upper end of the band.
  let high: Double
}
