package io.millrace.spark;

import io.millrace.BadInputException;
import io.millrace.spark.scoring.ScoreRows;
import io.millrace.spark.scoring.ScoringPlan;
import io.millrace.spark.scoring.ScoringStages;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A trained network and the graph it predicts for.
 *
 * <p>{@link #transform} scores all nodes of the graph at its first call, a stage a pass, and keeps
 * the results in a directory ({@code scoringPath}); further calls, of other sessions too, read
 * them. They are what {@code millrace infer} writes. Rows only need an id.
 *
 * <p>Holds the model's file in memory; {@code save} stores it with the parameters. Used by one
 * thread at a time. The next class to read is {@link ScoringStages}.
 */
public final class MillraceModel extends Model<MillraceModel>
    implements GraphParams<MillraceModel>, MLWritable {
  private static final long serialVersionUID = 1;

  private final String uid;
  private final transient byte[] file;
  private final transient Holder own;
  private String summary = "";
  private double validMetric = Double.NaN;
  private double testMetric = Double.NaN;
  private int numEpochs;

  MillraceModel(String uid, byte[] file) {
    this.uid = uid;
    this.file = file;
    own = new Holder(this);
    Settings.setDefaults(this, own);
  }

  /** Reads what {@code save} has written. */
  public static MillraceModel load(String path) {
    return read().load(path);
  }

  public static MLReader<MillraceModel> read() {
    return new ModelStorage.Reader();
  }

  @Override
  public MLWriter write() {
    return new ModelStorage.Writer(this);
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public Holder own() {
    return own;
  }

  /** The bytes of {@code model.safetensors}, as {@code millrace train --save} writes it. */
  public byte[] file() {
    return file.clone();
  }

  MillraceModel setSummary(int epochs, double valid, double test, double seconds) {
    numEpochs = epochs;
    validMetric = valid;
    testMetric = test;
    summary =
        String.format(
            java.util.Locale.ROOT,
            "%d epochs in %.1f s, validation %.4f, test %.4f",
            epochs,
            seconds,
            valid,
            test);
    return this;
  }

  /** The training in a line; empty for a model that was loaded. */
  public String summary() {
    return summary;
  }

  /** Epochs that were trained; 0 for a model that was loaded. */
  public int numEpochs() {
    return numEpochs;
  }

  /** The metric on the validation nodes, of the best epoch; NaN for a model that was loaded. */
  public double validMetric() {
    return validMetric;
  }

  /** The metric on the test nodes; NaN without any, or for a model that was loaded. */
  public double testMetric() {
    return testMetric;
  }

  @Override
  public MillraceModel copy(ParamMap extra) {
    MillraceModel copy = new MillraceModel(uid, file);
    copy.summary = summary;
    copy.validMetric = validMetric;
    copy.testMetric = testMetric;
    copy.numEpochs = numEpochs;
    Settings.copied(this, copy, extra);
    return parent() == null ? copy : copy.setParent(parent());
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return Settings.schema(this, schema);
  }

  /**
   * Adds prediction, probability and embedding to rows with the id of a node.
   *
   * @throws BadInputException if {@code scoringPath} has results of another model or dataset; an id
   *     that the dataset lacks fails the job that reads the rows
   */
  @Override
  public Dataset<Row> transform(Dataset<?> rows) {
    StructType schema = transformSchema(rows.schema());
    SparkSession spark = rows.sparkSession();
    Settings settings = Settings.of(this, spark);
    ScoringPlan plan = settings.scoringPlan(file);
    ScoringStages.run(JavaSparkContext.fromSparkContext(spark.sparkContext()), plan, file);
    ScoreRows results = settings.scoreRows(plan, rows.schema());
    MapPartitionsFunction<Row, Row> add = results::of;
    return rows.toDF().mapPartitions(add, Encoders.row(schema));
  }
}
