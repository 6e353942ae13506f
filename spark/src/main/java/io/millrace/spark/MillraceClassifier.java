package io.millrace.spark;

import io.millrace.BadInputException;
import io.millrace.sampler.Fanout;
import io.millrace.spark.barrier.NodeRoleRows;
import io.millrace.spark.barrier.NodeRoles;
import io.millrace.spark.barrier.Trained;
import io.millrace.spark.barrier.TrainingPlan;
import io.millrace.spark.barrier.TrainingStage;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Trains a graph neural network to classify nodes, on the executors of Spark.
 *
 * <p>The graph is a dataset directory that all executors see, which {@link GraphTables} writes. The
 * table that {@link #fit} takes has a row for each node that counts: its id and, in place of the
 * dataset's, its label and its split. Without a column of splits, a share of the rows ({@code
 * validationFraction}, chosen by the seed) selects the best epoch, and the others are learned.
 * Without a column of labels they are the dataset's; with neither the table is not read.
 *
 * <p>With one compute thread the weights are those of {@code millrace train --ranks} with the same
 * virtual nodes, bit for bit, however many workers there are. Used by one thread at a time. The
 * next class to read is {@link MillraceModel}.
 */
public final class MillraceClassifier extends Estimator<MillraceModel>
    implements GraphParams<MillraceClassifier>, DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  private final String uid;
  private final transient Holder own;

  public MillraceClassifier() {
    this(Identifiable$.MODULE$.randomUID("millrace"));
  }

  /**
   * @param uid names this estimator in pipelines
   */
  public MillraceClassifier(String uid) {
    this.uid = uid;
    own = new Holder(this);
    Settings.setDefaults(this, own);
  }

  /** Reads what {@code save} has written. */
  public static MillraceClassifier load(String path) {
    return read().load(path);
  }

  public static MLReader<MillraceClassifier> read() {
    return new DefaultParamsReader<>();
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public Holder own() {
    return own;
  }

  @Override
  public MillraceClassifier copy(ParamMap extra) {
    return Settings.copied(this, new MillraceClassifier(uid), extra);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return Settings.schema(this, schema);
  }

  /**
   * Trains.
   *
   * @throws BadInputException if the dataset is not set, the cluster has too few slots, a column is
   *     missing, or a node is unknown
   */
  @Override
  public MillraceModel fit(Dataset<?> nodes) {
    transformSchema(nodes.schema());
    Settings settings = Settings.of(this, nodes.sparkSession());
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(nodes.sparkSession().sparkContext());
    TrainingPlan plan = settings.trainingPlan();
    Dataset<Row> rows = nodes.toDF();
    NodeRoles roles = NodeRoleRows.of(rows, settings.roleColumns(rows.schema()));
    Trained trained = TrainingStage.run(spark, plan, roles);
    MillraceModel model = new MillraceModel(uid, trained.model());
    return Settings.copied(this, model, new ParamMap())
        .setSummary(trained.epochs(), trained.valid(), trained.test(), trained.seconds());
  }

  public MillraceClassifier setModel(String value) {
    return with(model(), value);
  }

  public MillraceClassifier setHidden(int value) {
    return with(hidden(), value);
  }

  /** Neighbours per layer, from the seeds outwards. */
  public MillraceClassifier setFanout(int... value) {
    return with(fanout(), Fanout.of(value).toString());
  }

  public MillraceClassifier setBatchSize(int value) {
    return with(batchSize(), value);
  }

  public MillraceClassifier setVirtualNodes(int value) {
    return with(virtualNodes(), value);
  }

  public MillraceClassifier setMaxIter(int value) {
    return with(maxIter(), value);
  }

  public MillraceClassifier setLearningRate(double value) {
    return with(learningRate(), value);
  }

  public MillraceClassifier setWeightDecay(double value) {
    return with(weightDecay(), value);
  }

  public MillraceClassifier setPatience(int value) {
    return with(patience(), value);
  }

  public MillraceClassifier setNumWorkers(int value) {
    return with(numWorkers(), value);
  }

  public MillraceClassifier setCheckpointPath(String value) {
    return with(checkpointPath(), value);
  }

  public MillraceClassifier setCheckpointInterval(int value) {
    return with(checkpointInterval(), value);
  }

  public MillraceClassifier setUseGpu(boolean value) {
    return with(useGpu(), value);
  }

  public MillraceClassifier setValidationFraction(double value) {
    return with(validationFraction(), value);
  }

  public MillraceClassifier setLabelCol(String value) {
    return with(labelCol(), value);
  }

  public MillraceClassifier setSplitCol(String value) {
    return with(splitCol(), value);
  }
}
