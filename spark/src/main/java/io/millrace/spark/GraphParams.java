package io.millrace.spark;

import io.millrace.Internal;
import io.millrace.sampler.Fanout;
import io.millrace.training.TrainerBuilder;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;

/**
 * The parameters of estimator and model, in Spark's style: {@code explainParams} prints them with
 * their defaults, {@code copy} and {@code ParamMap} set them, and each has a setter: here if the
 * model needs it, too, and else in {@link MillraceClassifier}. The options of {@code millrace
 * train} have the same names in kebab case.
 *
 * <p>A class that has them gives its holder by {@link #own()}; Spark finds the methods here.
 *
 * @param <S> the class that has them, which setters return
 */
public interface GraphParams<S extends GraphParams<S>> extends Params {
  /** The parameters of one estimator or model. */
  final class Holder {
    private final Param<String> dataset;
    private final Param<String> model;
    private final IntParam hidden;
    private final Param<String> fanout;
    private final Param<String> evalFanout;
    private final IntParam batchSize;
    private final IntParam virtualNodes;
    private final IntParam maxIter;
    private final DoubleParam learningRate;
    private final DoubleParam weightDecay;
    private final IntParam patience;
    private final LongParam seed;
    private final IntParam numWorkers;
    private final IntParam computeThreads;
    private final Param<String> checkpointPath;
    private final IntParam checkpointInterval;
    private final BooleanParam useGpu;
    private final DoubleParam validationFraction;
    private final Param<String> scoring;
    private final Param<String> scoringPath;
    private final Param<String> idCol;
    private final Param<String> labelCol;
    private final Param<String> splitCol;
    private final Param<String> predictionCol;
    private final Param<String> probabilityCol;
    private final Param<String> embeddingCol;

    Holder(Params parent) {
      dataset = new Param<>(parent, "dataset", "dataset directory that all executors see");
      model = new Param<>(parent, "model", "sage, gcn, gat, gin, sage-ri, jk, mlp, ...");
      hidden = new IntParam(parent, "hidden", "columns between two layers");
      fanout = new Param<>(parent, "fanout", "neighbours to sample per layer, as 15,10; -1 = all");
      evalFanout =
          new Param<>(
              parent, "evalFanout", "neighbours per layer in validation and test; empty = 20 each");
      batchSize = new IntParam(parent, "batchSize", "seeds per batch of all workers together");
      virtualNodes =
          new IntParam(
              parent,
              "virtualNodes",
              "parts of a batch, dealt to the workers; the result depends on them and not on the"
                  + " workers; 0 = numWorkers");
      maxIter = new IntParam(parent, "maxIter", "epochs at most");
      learningRate = new DoubleParam(parent, "learningRate", "step size of Adam");
      weightDecay = new DoubleParam(parent, "weightDecay", "L2 penalty of the weights");
      patience =
          new IntParam(parent, "patience", "epochs without a better one before the end; 0 = all");
      seed = new LongParam(parent, "seed", "determines first weights, batches and dropout");
      numWorkers =
          new IntParam(parent, "numWorkers", "tasks of the training, which start together");
      computeThreads =
          new IntParam(
              parent,
              "computeThreads",
              "threads of a task's operations; 0 = spark.task.cpus, 1 = repeatable bits");
      checkpointPath =
          new Param<>(
              parent,
              "checkpointPath",
              "directory that all executors see, for the model and the checkpoint a stage resumes"
                  + " from");
      checkpointInterval =
          new IntParam(
              parent, "checkpointInterval", "batches between checkpoints; 0 = after each epoch");
      useGpu = new BooleanParam(parent, "useGpu", "train on the GPU of each executor");
      validationFraction =
          new DoubleParam(
              parent,
              "validationFraction",
              "share of the rows that select the best epoch, if there is no column of splits");
      scoring = new Param<>(parent, "scoring", "exact (all neighbours) or sampled (evalFanout)");
      scoringPath =
          new Param<>(
              parent,
              "scoringPath",
              "directory that all executors see, for the results of all nodes; empty = next to the"
                  + " dataset");
      idCol = new Param<>(parent, "idCol", "column of the nodes' ids");
      labelCol = new Param<>(parent, "labelCol", "column of labels, in place of the dataset's");
      splitCol =
          new Param<>(
              parent, "splitCol", "column of train, valid and test, in place of the dataset's");
      predictionCol = new Param<>(parent, "predictionCol", "most probable class; empty = none");
      probabilityCol = new Param<>(parent, "probabilityCol", "probabilities; empty = none");
      embeddingCol = new Param<>(parent, "embeddingCol", "input of the last layer; empty = none");
    }

    /** The defaults, for {@code setDefault}. */
    ParamMap defaults() {
      return new ParamMap()
          .put(model, "sage")
          .put(hidden, 128)
          .put(fanout, "15,10")
          .put(evalFanout, "")
          .put(batchSize, TrainerBuilder.BATCH_SIZE)
          .put(virtualNodes, 0)
          .put(maxIter, 10)
          .put(learningRate, TrainerBuilder.LEARNING_RATE)
          .put(weightDecay, 0.0)
          .put(patience, 0)
          .put(seed, 0L)
          .put(numWorkers, 1)
          .put(computeThreads, 0)
          .put(checkpointPath, "")
          .put(checkpointInterval, 0)
          .put(useGpu, false)
          .put(validationFraction, 0.1)
          .put(scoring, "exact")
          .put(scoringPath, "")
          .put(idCol, "id")
          .put(labelCol, "label")
          .put(splitCol, "split")
          .put(predictionCol, "prediction")
          .put(probabilityCol, "probability")
          .put(embeddingCol, "");
    }
  }

  /** The holder of the parameters. */
  Holder own();

  default Param<String> dataset() {
    return own().dataset;
  }

  default Param<String> model() {
    return own().model;
  }

  default IntParam hidden() {
    return own().hidden;
  }

  default Param<String> fanout() {
    return own().fanout;
  }

  default Param<String> evalFanout() {
    return own().evalFanout;
  }

  default IntParam batchSize() {
    return own().batchSize;
  }

  default IntParam virtualNodes() {
    return own().virtualNodes;
  }

  default IntParam maxIter() {
    return own().maxIter;
  }

  default DoubleParam learningRate() {
    return own().learningRate;
  }

  default DoubleParam weightDecay() {
    return own().weightDecay;
  }

  default IntParam patience() {
    return own().patience;
  }

  default LongParam seed() {
    return own().seed;
  }

  default IntParam numWorkers() {
    return own().numWorkers;
  }

  default IntParam computeThreads() {
    return own().computeThreads;
  }

  default Param<String> checkpointPath() {
    return own().checkpointPath;
  }

  default IntParam checkpointInterval() {
    return own().checkpointInterval;
  }

  default BooleanParam useGpu() {
    return own().useGpu;
  }

  default DoubleParam validationFraction() {
    return own().validationFraction;
  }

  default Param<String> scoring() {
    return own().scoring;
  }

  default Param<String> scoringPath() {
    return own().scoringPath;
  }

  default Param<String> idCol() {
    return own().idCol;
  }

  default Param<String> labelCol() {
    return own().labelCol;
  }

  default Param<String> splitCol() {
    return own().splitCol;
  }

  default Param<String> predictionCol() {
    return own().predictionCol;
  }

  default Param<String> probabilityCol() {
    return own().probabilityCol;
  }

  default Param<String> embeddingCol() {
    return own().embeddingCol;
  }

  default S setDataset(String value) {
    return with(dataset(), value);
  }

  /** Neighbours per layer, from the seeds outwards. */
  default S setEvalFanout(int... value) {
    return with(evalFanout(), Fanout.of(value).toString());
  }

  default S setSeed(long value) {
    return with(seed(), value);
  }

  default S setComputeThreads(int value) {
    return with(computeThreads(), value);
  }

  default S setScoring(String value) {
    return with(scoring(), value);
  }

  default S setScoringPath(String value) {
    return with(scoringPath(), value);
  }

  default S setIdCol(String value) {
    return with(idCol(), value);
  }

  default S setPredictionCol(String value) {
    return with(predictionCol(), value);
  }

  default S setProbabilityCol(String value) {
    return with(probabilityCol(), value);
  }

  default S setEmbeddingCol(String value) {
    return with(embeddingCol(), value);
  }

  /** Sets a parameter. */
  @Internal
  @SuppressWarnings("unchecked")
  default <T> S with(Param<T> param, T value) {
    set(param, value);
    return (S) this;
  }
}
