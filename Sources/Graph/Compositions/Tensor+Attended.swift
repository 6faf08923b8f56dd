extension Tensor {
  /// Values weighed by the softmax of what keys have in common with queries: `[N, V, K]`, keys `[N, D, K]` and queries `[N, D, Q]` to
  /// `[N, V, Q]`; the weights of a query sum to 1.
  ///
  /// The sums divide the few results rather than the many weights, in derivatives too. The largest number of each query is subtracted
  /// first, which changes nothing and keeps powers finite.
  package func attended(keys: Tensor, queries: Tensor) throws(ShapeError) -> Tensor {
    let scores = try keys.product(queries, transposingLeft: true)
    let rest = scores.shape.replacing(1, with: 1)
    let powers = try (scores - scores.maximum(to: rest)).exponential()
    return try product(powers) * powers.sum(to: rest).reciprocal()
  }
}
