package io.millrace.cli.train;

import io.millrace.BadInputException;
import io.millrace.cli.command.Output;
import io.millrace.datasets.platform.WriterLock;
import io.millrace.training.BatchProgress;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.TrainingPosition;
import io.millrace.training.files.ModelFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * The options that decide where a training starts and where it is saved, to be passed to a trainer.
 */
final class CheckpointOptions {
  @Option(
      names = "--save",
      paramLabel = "DIR",
      description =
          "Keep the best model here, with a checkpoint after each epoch, epochs.csv, epochs.jsonl,"
              + " run.json and report.html; with several runs, each run's in DIR/seed-N.")
  private Optional<Path> save = Optional.empty();

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description =
          "Resume from the checkpoint in DIR, if there is one, and keep saving there, with the"
              + " options given before; --epochs may be larger, except with a cosine schedule.")
  private Optional<Path> resume = Optional.empty();

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      description = "Also write a checkpoint after every N batches of an epoch.")
  private Optional<Integer> checkpointEvery = Optional.empty();

  @Option(
      names = "--init",
      paramLabel = "PATH",
      description =
          "Begin with the weights of a saved model's directory, or of a safetensors file of PyG's"
              + " GraphSAGE.")
  private Optional<Path> init = Optional.empty();

  /**
   * @throws BadInputException if the output exists already and is not to be resumed
   */
  private void check() {
    if (resume.isPresent() && save.isPresent() && !save.equals(resume)) {
      throw BadInputException.of(
          "a resumed training is saved to its own directory",
          "--resume",
          resume.get(),
          "--save",
          save.get());
    }
    if (resume.isEmpty()
        && save.isPresent()
        && Files.exists(save.get())
        && !WriterLock.isLeftOver(save.get())) {
      if (Files.isDirectory(save.get())) {
        WriterLock.of(save.get()).close(); // names a writer; deletes what a killed one has left
      }
      throw BadInputException.of(
          "output exists already, --resume continues it", "--save", save.get());
    }
  }

  /**
   * The lock on the directory where the training is saved, if it is saved; the caller closes it.
   *
   * @throws BadInputException if another process holds it, and in the cases of {@link #check}
   */
  Optional<WriterLock> lock() {
    check();
    Optional<Path> directory = resume.or(() -> save);
    directory.ifPresent(ModelFile::requireWritable);
    return directory.map(WriterLock::of);
  }

  /** The directory where a run is saved, if it is saved. */
  Optional<Path> directory(int numRuns, long seed) {
    return resume.or(() -> save).map(dir -> numRuns == 1 ? dir : dir.resolve("seed-" + seed));
  }

  /** The directory of the training to resume, if there is one. */
  Optional<Path> resumed() {
    return resume;
  }

  /** The arguments with which a training that is saved resumes from what was saved. */
  List<String> resuming(List<String> arguments) {
    if (resume.isPresent()) {
      return arguments;
    }
    List<String> all = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.equals("--save")) {
        all.add("--resume");
      } else if (argument.startsWith("--save=")) {
        all.add("--resume=" + argument.substring("--save=".length()));
      } else {
        all.add(argument);
      }
    }
    return all;
  }

  /** Saves the options of the training before its first checkpoint is written. */
  TrainingListener keeping(SavedOptions options) {
    return resume
        .or(() -> save)
        .map(directory -> keeping(options, directory))
        .orElse(TrainingListener.NONE);
  }

  private static TrainingListener keeping(SavedOptions options, Path directory) {
    return new TrainingListener() {
      private boolean kept;

      @Override
      public void batchDone(BatchProgress progress) {
        if (!kept) {
          options.write(directory);
          kept = true;
        }
      }
    };
  }

  /**
   * @param directory the directory of the run
   */
  void apply(TrainerBuilder builder, Optional<Path> directory) {
    directory.ifPresent(builder::saveTo);
    resume.flatMap(_ -> directory).ifPresent(builder::resumeFrom);
    checkpointEvery.ifPresent(builder::checkpointEvery);
  }

  /** Loads the initial weights, or reports the epoch from which a training resumes. */
  void begin(GraphTrainer trainer, Optional<Path> directory, int numEpochs, Output output) {
    TrainingPosition position = trainer.position();
    if (position.atStart()) {
      init.ifPresent(trainer::loadWeights);
      resume
          .flatMap(_ -> directory)
          .ifPresent(
              dir -> output.note("no checkpoint in %s yet: training from the beginning", dir));
    } else if (position.batch() == 0) {
      output.note("resumed after epoch %d of %d", position.epoch(), numEpochs);
    } else {
      output.note(
          "resumed in epoch %d of %d, after batch %d of %d",
          position.epoch() + 1, numEpochs, position.batch(), position.numBatches());
    }
  }
}
