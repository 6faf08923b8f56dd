import Basics
import Spec

/// The script that every task of a sweep's job array runs: one trial, requeued when the time is up.
package struct SlurmScript {
  /// The exit code with which a worker says that it has a checkpoint and wants to go on later.
  static let requeueCode = 99
  /// Seconds before the end of a task's time at which it gets a signal.
  static let warningSeconds = 120

  /// The program, the sweep's directory and its folder for Slurm, all absolute.
  package var program: String
  package var directory: String
  package var folder: String
  package var name: String
  package var retries: Int
  package var settings: SlurmSpec

  package init(program: String, directory: String, folder: String, name: String, retries: Int, settings: SlurmSpec) {
    self.program = program
    self.directory = directory
    self.folder = folder
    self.name = name
    self.retries = retries
    self.settings = settings
  }

  /// The script. Its arguments are a file with a trial on each line, and how many lines belong to earlier arrays.
  package var text: String {
    let options = [
      "job-name=\(name)", "requeue", "open-mode=append", "signal=B:USR1@\(Self.warningSeconds)", "ntasks=1",
      "cpus-per-task=\(settings.cpus)", settings.partition.map { "partition=\($0)" }, settings.account.map { "account=\($0)" },
      settings.time.map { "time=\($0)" }, settings.memory.map { "mem=\($0)" },
    ].compactMap { $0 }
    return """
      #!/bin/bash
      \(options.map { "#SBATCH --\($0)" }.joined(separator: "\n"))
      \(settings.lines.map { $0 + "\n" }.joined())
      trial=$(sed -n "$((SLURM_ARRAY_TASK_ID + $2 + 1))p" "$1")
      \(ShellCommand.quoted(program)) sweep work \(ShellCommand.quoted(directory)) --threads \(settings.cpus) --retries \(retries) \\
        --requeue-exit \(Self.requeueCode) $([ "$trial" = next ] || echo "--trial $trial") &
      worker=$!
      # Slurm tells the script, and the script the worker, which leaves a checkpoint. A signal ends wait, so wait again.
      trap 'kill -USR1 "$worker" 2>/dev/null' USR1
      trap 'kill -TERM "$worker" 2>/dev/null' TERM
      code=0
      wait "$worker" || code=$?
      while kill -0 "$worker" 2>/dev/null; do
        code=0
        wait "$worker" || code=$?
      done
      if [ "$code" = \(Self.requeueCode) ]; then
        scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
        exit 0
      fi
      # Somebody else had done or was doing the trial.
      if [ "$code" = \(LocalExecutor.nothingToDo) ]; then exit 0; fi
      exit "$code"

      """
  }
}
