/// Plans as pictures for Graphviz.
package enum PlanDrawing {
  /// One cluster per plan: a box per step, an arrow from each step to those that read its results. The same plans give the same text.
  package static func dot(_ plans: [(name: String, plan: Plan)]) -> String {
    var lines = ["digraph plan {", "  node [shape=box, fontname=\"monospace\", fontsize=9];"]
    for (name, plan) in plans {
      lines.append("  subgraph \"cluster_\(name)\" {\n    label=\"\(name)\";")
      var writer: [Plan.Place: Int] = [:]
      for (index, step) in plan.steps.enumerated() {
        lines.append("    \(name)\(index) [label=\"\(index): \(step.kernel.family)\"];")
        for from in Set(step.inputs.compactMap { writer[$0] }).sorted() { lines.append("    \(name)\(from) -> \(name)\(index);") }
        for place in step.outputs { writer[place] = index }
      }
      lines.append("  }")
    }
    return (lines + ["}", ""]).joined(separator: "\n")
  }
}
