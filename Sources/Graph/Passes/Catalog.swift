extension Pass {
  /// Every pass, in the order in which plans apply them.
  package static let all: [Pass] = [
    moveScales, simplify, foldUpsampling, mergeBatches, mergeFilterGradients, accumulateFilterGradients,
  ]
}
