package io.millrace.cli.infer;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.training.files.ModelFile;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A dataset and a model that was trained: {@code DATASET --model DIR}. */
@Internal
public final class TrainedModel {
  @Parameters(paramLabel = "DATASET", description = "A dataset directory.")
  private Path dataset;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Where train --save has kept the model.")
  private Path model;

  /** The dataset's directory. */
  public Path dataset() {
    return dataset;
  }

  /** The model's directory. */
  public Path directory() {
    return model;
  }

  /**
   * Reads the model.
   *
   * @throws BadInputException if there is none, or it is damaged
   */
  public ModelFile read() {
    return ModelFile.read(model);
  }
}
