package io.millrace.spark;

import io.millrace.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.DefaultParamsWriter$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import scala.Option;

/**
 * How a model is saved: Spark's {@code metadata} folder with the parameters, and next to it the
 * model's file. Paths are those of any file system that Spark knows.
 */
final class ModelStorage {
  private static final String FILE = "model.safetensors";

  private ModelStorage() {}

  /** Writes a model. */
  static final class Writer extends MLWriter {
    private final MillraceModel model;

    Writer(MillraceModel model) {
      this.model = model;
    }

    @Override
    public void saveImpl(String path) {
      DefaultParamsWriter$.MODULE$.saveMetadata(
          model, path, sparkSession(), Option.empty(), Option.empty());
      try {
        Path file = new Path(path, FILE);
        FileSystem files = file.getFileSystem(hadoop());
        try (OutputStream out = files.create(file, false)) {
          out.write(model.file());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Configuration hadoop() {
      return sparkSession().sessionState().newHadoopConf();
    }
  }

  /** Reads a model. */
  static final class Reader extends MLReader<MillraceModel> {
    @Override
    public MillraceModel load(String path) {
      DefaultParamsReader.Metadata metadata =
          DefaultParamsReader$.MODULE$.loadMetadata(
              path, sparkSession(), MillraceModel.class.getName());
      try {
        Path file = new Path(path, FILE);
        FileSystem files = file.getFileSystem(sparkSession().sessionState().newHadoopConf());
        if (!files.exists(file)) {
          throw BadInputException.of("no model there", "file", file);
        }
        try (InputStream in = files.open(file)) {
          MillraceModel model = new MillraceModel(metadata.uid(), in.readAllBytes());
          metadata.getAndSetParams(model, Option.empty());
          return model;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
