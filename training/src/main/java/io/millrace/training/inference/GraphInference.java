package io.millrace.training.inference;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.platform.DiskSpace;
import io.millrace.training.files.ModelFile;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.torch.TorchEngine;
import io.millrace.transfer.trace.PipelineTrace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Predicts for all nodes of a graph, or for some, in bounded memory. It makes one pass after
 * another over the nodes, from mapped file to file, with the same pipeline as training.
 *
 * <p>The result is exact by default: each layer is computed once for every node over all its
 * neighbours, so a node's neighbourhood of several hops is never gathered. A pass visits the nodes
 * in order, range by range, and records the ranges that are done. After an interruption of any
 * kind, the same inference in the same directory resumes from there and gives the same bytes.
 *
 * <p>Several processes may work on one directory, each with a {@link Shard}. The rows are a
 * function of (weights, dataset, settings, number of compute threads) on one kind of machine.
 *
 * <p>It is made by {@link #builder} and owns the network until {@link #close}; the caller owns the
 * dataset. Used by one thread. The next class to read is {@link InferenceResults}.
 */
public final class GraphInference implements AutoCloseable {
  private static final String WORK = "work";

  private final InferenceSettings settings;
  private final InferenceSetup setup;

  GraphInference(InferenceSettings settings) {
    this.settings = settings;
    setup = InferenceSetup.of(settings);
  }

  /**
   * @param model a model from {@code GraphTrainer.model}, or from {@link ModelFile#read} where it
   *     was saved
   */
  public static InferenceBuilder builder(GraphDataset data, ModelFile model) {
    return new InferenceBuilder(data, model);
  }

  /**
   * Computes what is missing in a directory and returns the results, to be read chunk by chunk.
   *
   * @param work where the rows are kept, made if it is missing; the caller deletes it afterwards
   * @throws BadInputException if another inference was begun there, or the disk is full
   * @throws IllegalStateException if this process has only a shard
   */
  public InferenceResults results(Path work, InferenceListener listener) {
    if (!settings.shard().isWhole()) {
      throw new IllegalStateException("results need all shards: run each, then merge");
    }
    TorchEngine.computeThreads(settings.computeThreads()); // others may have changed it
    try (WorkDirectory directory = WorkDirectory.open(work, setup.identity(), Shard.WHOLE)) {
      List<InferencePass> passes = setup.passes(work);
      new InferenceRun(setup, passes, directory, listener).compute();
      return InferenceResults.open(settings, passes);
    }
  }

  /**
   * Computes what is missing in a directory and evaluates the results on the labelled nodes of each
   * split, as training does but without class weights, by its loss and its metric if they are the
   * user's own. With all neighbours, which is the default, the figures are exact.
   *
   * @param work as in {@link #results}
   * @return an evaluation for each split with a labelled node among the requested ones; none if the
   *     dataset's labels are not those that the model learned
   * @throws BadInputException as {@link #results}
   * @throws IllegalStateException if this process has only a shard
   */
  public Map<Split, Evaluation> evaluate(Path work, InferenceListener listener) {
    try (InferenceResults results = results(work, listener)) {
      return SplitScores.of(settings, results);
    }
  }

  /**
   * Computes what is missing and writes the chosen files; with a shard of the work it only
   * computes. Once {@code manifest.json} exists, everything is done and nothing is computed again.
   *
   * @param out the directory for the results, made if it is missing
   * @throws BadInputException if there are results of another inference, or another was begun
   *     there; if the disk is full
   */
  public InferenceReport run(Path out, OutputOptions choice, InferenceListener listener) {
    return run(out, choice, listener, false);
  }

  /**
   * Writes the result files after several processes have computed the rows.
   *
   * @throws BadInputException as {@link #run}, and if a shard is not done
   */
  public InferenceReport merge(Path out, OutputOptions choice, InferenceListener listener) {
    return run(out, choice, listener, true);
  }

  private InferenceReport run(
      Path out, OutputOptions choice, InferenceListener listener, boolean mergeOnly) {
    long start = System.nanoTime();
    choice.requireFits(settings.info());
    TorchEngine.computeThreads(settings.computeThreads());
    Manifest manifest = new Manifest(out, setup.identity(), choice);
    Path work = out.resolve(WORK);
    if (manifest.exists()) {
      manifest.requireSame();
      if (!Files.exists(work)) {
        return InferenceReport.finishedBefore();
      }
    }
    Shard shard = mergeOnly ? Shard.WHOLE : settings.shard();
    try (WorkDirectory directory = WorkDirectory.open(work, setup.identity(), shard)) {
      if (manifest.exists()) { // another process finished, or the deletion was interrupted
        directory.delete();
        return InferenceReport.finishedBefore();
      }
      List<InferencePass> passes = setup.passes(work);
      InferenceRun run = new InferenceRun(setup, passes, directory, listener);
      List<PassReport> reports = mergeOnly ? run.requireComplete() : run.compute();
      InferenceReport report = InferenceReport.of(settings, reports);
      if (shard.isWhole()) {
        try (InferenceResults results = InferenceResults.open(settings, passes)) {
          report = report.with(SplitScores.of(settings, results));
          DiskSpace.require(out, choice.bytes(results));
          manifest.write(
              OutputFiles.write(results, out, work, choice), settings, report.scores(), work);
        }
        directory.delete();
      }
      return report.finished(start);
    }
  }

  /** How many passes over the nodes this inference makes, for {@link #pass}. */
  @Internal
  public int numPasses() {
    return setup.passes(Path.of(WORK)).size();
  }

  /**
   * Computes what this process's shard lacks of one pass, and waits for no other: for a caller who
   * sees to it that a pass is complete before the next begins, and then calls {@link #merge}.
   *
   * @param out the directory for the results, made if it is missing
   * @param pass from 0
   */
  @Internal
  public PassReport pass(Path out, int pass, InferenceListener listener) {
    TorchEngine.computeThreads(settings.computeThreads());
    Path work = out.resolve(WORK);
    try (WorkDirectory directory = WorkDirectory.open(work, setup.identity(), settings.shard())) {
      return new InferenceRun(setup, setup.passes(work), directory, listener).computeOwn(pass);
    }
  }

  /**
   * Whether the results are there.
   *
   * @throws BadInputException if those of another inference are
   */
  @Internal
  public boolean isDone(Path out, OutputOptions choice) {
    Manifest manifest = new Manifest(out, setup.identity(), choice);
    if (manifest.exists()) {
      manifest.requireSame();
    }
    return manifest.exists() && !Files.exists(out.resolve(WORK));
  }

  /** Where the time goes. */
  public PipelineTrace trace() {
    return setup.trace();
  }

  @Override
  public void close() {
    setup.close();
  }
}
