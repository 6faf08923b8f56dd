import Basics
import Models
import Runs
import Spec

/// The resolved spec in a run directory.
package enum RunSpec {
  package static func read(_ run: RunDirectory) throws(Diagnostics) -> ExperimentSpec {
    try ExperimentSpec.read(path: run.spec, terms: LossCatalog.declarations, checkingFiles: false)
  }
}
