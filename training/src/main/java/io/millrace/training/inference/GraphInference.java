package io.millrace.training.inference;

import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.platform.DiskSpace;
import io.millrace.training.GraphTrainer;
import io.millrace.training.files.ModelFile;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.torch.TorchEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Predicts for all nodes of a graph, or for some, in bounded memory: pass after pass over the
 * nodes, from mapped file to file, by the pipeline that training has.
 *
 * <p>By default exact: each layer is computed once for every node over all its neighbours, so a
 * node's neighbourhood of several hops is never gathered. A pass goes through the nodes in their
 * order, range by range; what is done is recorded, so that the same inference, begun again in the
 * same directory after an interruption of any kind, goes on from there and gives the same bytes.
 *
 * <p>Several processes may work on one directory, each with a {@link Shard}. The rows are a
 * function of (weights, dataset, settings, number of compute threads) on one kind of machine.
 *
 * <p>Made by {@link #builder}; owns the network until {@link #close}, the dataset stays the
 * caller's. Used by one thread. The next classes to read are {@link PassRun} and {@link
 * InferenceResults}.
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
   * @param model as {@link GraphTrainer#model} gives it, or {@link ModelFile#read} from where it
   *     was saved
   */
  public static InferenceBuilder builder(GraphDataset data, ModelFile model) {
    return new InferenceBuilder(data, model);
  }

  /**
   * Computes what a directory lacks and gives the results, chunk by chunk.
   *
   * @param work where the rows are kept, made if it is missing; the caller deletes it afterwards
   * @throws BadInputException if another inference was begun there, or the disk is full
   * @throws IllegalStateException if this process has but a shard
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
   * Computes what a directory lacks and evaluates the results on the labelled nodes of each split,
   * as training does but without class weights. Over all neighbours, which is the default, the
   * figures are exact.
   *
   * @param work as in {@link #results}
   * @return an evaluation for each split of which a labelled node was asked for; none if the
   *     dataset's labels are not those that the model learned
   * @throws BadInputException as {@link #results}
   * @throws IllegalStateException if this process has but a shard
   */
  public Map<Split, Evaluation> evaluate(Path work, InferenceListener listener) {
    try (InferenceResults results = results(work, listener)) {
      return SplitScores.of(settings.data(), results, settings.nodeSet());
    }
  }

  /**
   * Computes what is lacking and writes the files that were chosen, or, with a shard of the work,
   * only computes. Once {@code manifest.json} is there, all is done and nothing is done again.
   *
   * @param out the directory for the results, made if it is missing
   * @throws BadInputException if there are results of another inference, or another was begun
   *     there; if the disk is full
   */
  public InferenceReport run(Path out, OutputOptions choice, InferenceListener listener) {
    return run(out, choice, listener, false);
  }

  /**
   * Writes the files of results that several processes have computed.
   *
   * @throws BadInputException as {@link #run}, and if a shard is not done
   */
  public InferenceReport merge(Path out, OutputOptions choice, InferenceListener listener) {
    return run(out, choice, listener, true);
  }

  private InferenceReport run(
      Path out, OutputOptions choice, InferenceListener listener, boolean mergeOnly) {
    long start = System.nanoTime();
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
      if (manifest.exists()) { // by another process's doing, or the deletion was interrupted
        directory.delete();
        return InferenceReport.finishedBefore();
      }
      List<InferencePass> passes = setup.passes(work);
      InferenceRun run = new InferenceRun(setup, passes, directory, listener);
      List<PassReport> reports = mergeOnly ? run.requireComplete() : run.compute();
      InferenceReport report = InferenceReport.of(settings, reports);
      if (shard.isWhole()) {
        try (InferenceResults results = InferenceResults.open(settings, passes)) {
          report = report.with(SplitScores.of(settings.data(), results, settings.nodeSet()));
          DiskSpace.require(out, choice.bytes(results));
          manifest.write(
              OutputFiles.write(results, out, work, choice), settings, report.scores(), work);
        }
        directory.delete();
      }
      return report.finished(start);
    }
  }

  @Override
  public void close() {
    setup.close();
  }
}
