package io.millrace.sweeps.pipeline;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import io.millrace.BadInputException;
import io.millrace.datasets.platform.AtomicFile;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The last run of each step, in a file of JSON that is replaced as a whole. One thread. */
final class PipelineRecord {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private final Path file;
  private final Map<String, StepRecord> steps;

  private PipelineRecord(Path file, Map<String, StepRecord> steps) {
    this.file = file;
    this.steps = steps;
  }

  /**
   * Reads a file; without one no step was run.
   *
   * @throws BadInputException if it is not such a file
   */
  static PipelineRecord read(Path file) {
    if (!Files.exists(file)) {
      return new PipelineRecord(file, new LinkedHashMap<>());
    }
    IoErrors.requireRegular(file);
    try {
      Map<String, StepRecord> steps = GSON.fromJson(Files.readString(file), new TypeToken<>() {});
      for (StepRecord step : steps.values()) {
        Map.copyOf(step.settings());
        Map.copyOf(step.inputs()).values().forEach(PipelineRecord::requireStates);
        step.inputs().values().forEach(it -> it.values().forEach(PipelineRecord::requireSum));
        Map.copyOf(step.after());
        requireStates(step.outputs());
      }
      return new PipelineRecord(file, steps);
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    } catch (JsonParseException | NullPointerException e) {
      throw new BadInputException("not the record of a pipeline: file=" + file, e);
    }
  }

  private static void requireStates(Map<String, FileState> states) {
    states.values().forEach(it -> Objects.requireNonNull(it.modified()));
  }

  private static void requireSum(FileState state) {
    Objects.requireNonNull(state.sha256());
  }

  /**
   * The name of a file in the record: from the record's folder on if it is there, so that neither
   * the working directory counts nor where the folder is.
   */
  String name(Path input) {
    Path folder = StepState.place(file).getParent();
    Path place = StepState.place(input);
    return (place.startsWith(folder) ? folder.relativize(place) : place).toString();
  }

  Optional<StepRecord> step(String name) {
    return Optional.ofNullable(steps.get(name));
  }

  /**
   * @throws BadInputException if the file cannot be written
   */
  void put(String name, StepRecord step) {
    steps.put(name, step);
    try {
      AtomicFile.write(file, GSON.toJson(steps), true);
    } catch (IOException e) {
      throw IoErrors.cannotWrite(file, "record of a pipeline", e);
    }
  }
}
