package io.millrace.training;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.millrace.BadInputException;
import io.millrace.training.files.OptionalJson;
import io.millrace.training.files.SafetensorsFile;
import io.millrace.training.files.TensorFile;
import io.millrace.training.torch.NamedArrays;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a training resumes from, on disk: {@code checkpoint.safetensors} in the directory of the
 * model; only the reports of earlier epochs lie next to it, see {@link EpochHistory}. Weights, the
 * optimizer's moments and the best weights so far are its tensors, under {@link Part}'s prefixes;
 * the settings of the training and its {@link CheckpointHeader} are in its metadata, under
 * "millrace-checkpoint". {@link TensorFile} says how it is written. Immutable.
 */
final class Checkpoint {
  /** What a setting is that is not named. */
  private static final Map<String, String> ABSENT = Map.of("draw", "uniform", "rankSum", "ordered");

  private static final TensorFile STORED =
      new TensorFile("checkpoint", "checkpoint.safetensors", "millrace-checkpoint");

  /** A metric that has no value is NaN, and a plateau begins at minus infinity. */
  static final Gson GSON =
      OptionalJson.register(new GsonBuilder()).serializeSpecialFloatingPointValues().create();

  /** The groups of arrays in a checkpoint. */
  enum Part {
    WEIGHTS("weights/"),
    OPTIMIZER("optimizer/"),
    BEST("best/");

    private final String prefix;

    Part(String prefix) {
      this.prefix = prefix;
    }
  }

  private record Description(Map<String, String> settings, CheckpointHeader progress) {
    private Description {
      settings = Map.copyOf(settings);
      Objects.requireNonNull(progress, "progress");
    }
  }

  private final Path path;
  private final SafetensorsFile file;
  private final Description description;

  private Checkpoint(Path path, SafetensorsFile file, Description description) {
    this.path = path;
    this.file = file;
    this.description = description;
  }

  /** The files that a training resumes from: the checkpoint, and its history if there is one. */
  static final List<String> FILES = List.of("checkpoint.safetensors", EpochHistory.FILE);

  static boolean existsIn(Path directory) {
    return STORED.existsIn(directory);
  }

  /**
   * Writes a checkpoint, over the one that is there.
   *
   * @param settings that the training depends on, by their names
   * @param parts the arrays, which stay the caller's
   * @throws BadInputException if it cannot be written; the old one is still there then
   */
  static void write(
      Path directory,
      Map<String, String> settings,
      CheckpointHeader progress,
      Map<Part, NDList> parts) {
    try (NDList arrays = new NDList()) {
      new EnumMap<>(parts)
          .forEach(
              (part, list) ->
                  list.forEach(
                      it -> arrays.add(NamedArrays.onHost(it, part.prefix + it.getName()))));
      STORED.write(directory, arrays, GSON.toJson(new Description(settings, progress)));
    }
  }

  /**
   * Reads a checkpoint and verifies its checksum.
   *
   * @throws BadInputException if there is none, or it is damaged
   */
  static Checkpoint read(Path directory) {
    Path path = STORED.in(directory);
    SafetensorsFile file = STORED.read(directory);
    try {
      Description description = GSON.fromJson(file.text(STORED.entry()), Description.class);
      return new Checkpoint(path, file, Objects.requireNonNull(description));
    } catch (RuntimeException e) { // thrown by Gson for a text that Millrace has not written
      throw new BadInputException("checkpoint has no metadata of Millrace: file=" + path, e);
    }
  }

  /**
   * @throws BadInputException naming the first setting, the training's and the checkpoint's, that
   *     is not the same
   */
  void requireSame(Map<String, String> settings) {
    Set<String> names = new LinkedHashSet<>(settings.keySet());
    names.addAll(description.settings.keySet());
    for (String name : names) {
      String absent = ABSENT.getOrDefault(name, "none");
      String now = settings.getOrDefault(name, absent);
      String then = description.settings.getOrDefault(name, absent);
      if (!then.equals(now)) {
        throw BadInputException.of(
            "checkpoint is of another " + name, "now", now, "checkpoint", then, "file", path);
      }
    }
  }

  CheckpointHeader progress() {
    return description.progress;
  }

  /** A part's arrays under their own names, owned by the manager; none if it was not there. */
  NDList arrays(Part part, NDManager manager) {
    List<String> names = file.names().stream().filter(it -> it.startsWith(part.prefix)).toList();
    return file.tensors(manager, names, name -> name.substring(part.prefix.length()));
  }
}
