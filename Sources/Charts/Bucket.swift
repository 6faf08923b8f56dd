/// Neighboring values of a curve as one.
package struct Bucket: Equatable {
  /// The mean place of the values.
  package let x: Double
  /// The lower end of the band.
  package let low: Double
  package let mean: Double
  /// The upper end of the band.
  package let high: Double
}
