package io.millrace.spark;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.Checksums;
import io.millrace.sampler.Fanout;
import io.millrace.spark.barrier.NodeRoleRows;
import io.millrace.spark.barrier.TrainingPlan;
import io.millrace.spark.scoring.ScoreRows;
import io.millrace.spark.scoring.ScoringPlan;
import io.millrace.spark.tables.TableColumns;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamPair;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What the parameters of an estimator or a model mean for the tasks.
 *
 * @param params the estimator or the model
 * @param taskCpus {@code spark.task.cpus}
 * @param parallelism tasks of a scoring stage
 */
record Settings(GraphParams<?> params, int taskCpus, int parallelism) {
  private static final int MAX_RANGE = 1 << 16;

  static Settings of(GraphParams<?> params, SparkSession spark) {
    return new Settings(
        params,
        spark.sparkContext().getConf().getInt("spark.task.cpus", 1),
        Math.max(1, spark.sparkContext().defaultParallelism()));
  }

  static void setDefaults(GraphParams<?> params, GraphParams.Holder own) {
    for (ParamPair<?> pair : CollectionConverters.asJava(own.defaults().toSeq())) {
      setDefault(params, pair);
    }
  }

  private static <T> void setDefault(GraphParams<?> params, ParamPair<T> pair) {
    params.setDefault(pair.param(), pair.value());
  }

  /** Copies the values that were set, and those of a map. */
  static <T extends GraphParams<?>> T copied(GraphParams<?> from, T to, ParamMap extra) {
    for (ParamPair<?> pair : CollectionConverters.asJava(from.extractParamMap(extra).toSeq())) {
      if (from.isSet(pair.param()) || extra.contains(pair.param())) {
        copyOne(to, pair);
      }
    }
    return to;
  }

  private static <T> void copyOne(GraphParams<?> to, ParamPair<T> pair) {
    to.set(pair.param().name(), pair.value());
  }

  private <T> T get(Param<T> param) {
    return params.getOrDefault(param);
  }

  private int number(Param<Object> param) {
    return (Integer) params.getOrDefault(param);
  }

  private int[] fanout(Param<String> param) {
    String text = get(param);
    if (text.isEmpty()) {
      return new int[0];
    }
    Fanout fanout = Fanout.parse(text);
    return IntStream.rangeClosed(1, fanout.numHops()).map(fanout::at).toArray();
  }

  private String dataset() {
    if (!params.isDefined(params.dataset())) {
      throw BadInputException.of("set the dataset directory", "parameter", "dataset");
    }
    return get(params.dataset());
  }

  private int computeThreads() {
    int given = number(params.computeThreads());
    return given == 0 ? taskCpus : given;
  }

  TrainingPlan trainingPlan() {
    String checkpoint = get(params.checkpointPath());
    int workers = number(params.numWorkers());
    int virtual = number(params.virtualNodes());
    return new TrainingPlan(
        workers,
        dataset(),
        get(params.model()),
        number(params.hidden()),
        fanout(params.fanout()),
        fanout(params.evalFanout()),
        number(params.batchSize()),
        virtual == 0 ? workers : virtual,
        number(params.maxIter()),
        (Double) params.getOrDefault(params.learningRate()),
        (Double) params.getOrDefault(params.weightDecay()),
        number(params.patience()),
        (Long) params.getOrDefault(params.seed()),
        computeThreads(),
        checkpoint.isEmpty() ? null : checkpoint,
        number(params.checkpointInterval()),
        (Boolean) params.getOrDefault(params.useGpu()));
  }

  NodeRoleRows.Columns roleColumns(StructType schema) {
    return new NodeRoleRows.Columns(
        dataset(),
        get(params.idCol()),
        presentIn(schema, get(params.labelCol())),
        presentIn(schema, get(params.splitCol())),
        (Double) params.getOrDefault(params.validationFraction()),
        (Long) params.getOrDefault(params.seed()));
  }

  /** The column, or empty if the table lacks it. */
  private static String presentIn(StructType schema, String column) {
    return TableColumns.has(schema, column) ? column : "";
  }

  ScoringPlan scoringPlan(byte[] model) {
    String scoring = get(params.scoring());
    if (!scoring.equals("exact") && !scoring.equals("sampled")) {
      throw BadInputException.of("scoring is exact or sampled", "scoring", scoring);
    }
    int[] fanout = new int[0];
    if (scoring.equals("sampled")) {
      fanout = fanout(params.evalFanout());
      if (fanout.length == 0) {
        throw BadInputException.of("sampled scoring needs a fanout", "parameter", "evalFanout");
      }
    }
    return new ScoringPlan(
        dataset(),
        scoringPath(model),
        parallelism,
        MAX_RANGE,
        fanout,
        (Long) params.getOrDefault(params.seed()),
        !get(params.embeddingCol()).isEmpty(),
        computeThreads());
  }

  /** Next to the dataset, with a name that follows from the model and what is asked of it. */
  private String scoringPath(byte[] model) {
    String given = get(params.scoringPath());
    if (!given.isEmpty()) {
      return given;
    }
    var digest = Checksums.sha256();
    digest.update(model);
    String about =
        String.join(
            " ", // none of them has a blank
            get(params.scoring()),
            get(params.evalFanout()),
            params.getOrDefault(params.seed()).toString(),
            Integer.toString(computeThreads()),
            Boolean.toString(get(params.embeddingCol()).isEmpty()));
    digest.update(about.getBytes(StandardCharsets.UTF_8));
    Path data = Path.of(dataset()).toAbsolutePath();
    String name = HexFormat.of().formatHex(digest.digest(), 0, 8);
    return data.resolveSibling(data.getFileName() + "-scores-" + name).toString();
  }

  ScoreRows scoreRows(ScoringPlan plan, StructType schema) {
    return new ScoreRows(
        plan.dataset(),
        plan.out(),
        schema.fieldIndex(get(params.idCol())),
        new ScoreRows.Columns(
            !get(params.predictionCol()).isEmpty(),
            !get(params.probabilityCol()).isEmpty(),
            !get(params.embeddingCol()).isEmpty()));
  }

  /** The columns of the result. */
  static StructType schema(GraphParams<?> params, StructType schema) {
    Settings settings = new Settings(params, 1, 1);
    TableColumns.require(schema, settings.get(params.idCol()));
    StructType out = settings.with(schema, params.predictionCol(), DataTypes.DoubleType);
    out = settings.with(out, params.probabilityCol(), SQLDataTypes.VectorType());
    return settings.with(out, params.embeddingCol(), SQLDataTypes.VectorType());
  }

  private StructType with(StructType schema, Param<String> column, DataType type) {
    String name = get(column);
    if (name.isEmpty()) {
      return schema;
    }
    if (TableColumns.has(schema, name)) {
      throw BadInputException.of("table has the column already", column.name(), name);
    }
    return schema.add(name, type, false);
  }
}
