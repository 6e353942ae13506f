package io.millrace.serving.models;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.npy.NpyArray;
import io.millrace.datasets.npy.NpyType;
import io.millrace.serving.protocol.RequestException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Rows of a folder of results that {@code infer --scores} has written; new nodes have none. Owns
 * the mapping of the file.
 */
final class StoredRows implements RowSource {
  private final Arena arena = Arena.ofShared();
  private final MemorySegment scores;
  private final int numClasses;

  private StoredRows(Path file, int numNodes, int numClasses) {
    this.numClasses = numClasses;
    try {
      NpyArray array = NpyArray.map(file, NpyType.FLOAT32, 2, arena);
      if (!array.shape().equals(List.of((long) numNodes, (long) numClasses))) {
        throw BadInputException.of(
            "scores must be of all nodes and classes", "file", file, "shape", array.shape());
      }
      scores = array.data();
    } catch (Throwable t) {
      arena.close();
      throw t;
    }
  }

  /**
   * Opens a folder of results.
   *
   * @param scope of the answers, which the folder's manifest must confirm
   * @throws BadInputException if it was made with another model or dataset, or has no scores
   */
  static StoredRows open(Path folder, GraphDataset data, AnswerKey.Scope scope, int numClasses) {
    Path manifest = folder.resolve("manifest.json");
    JsonObject settings = settings(manifest);
    require(manifest, settings, "weights", scope.weights());
    require(manifest, settings, "fingerprint", scope.dataset());
    require(manifest, settings, "nodes", "all");
    if (!isSame(text(settings, "model"), scope.model())) {
      require(manifest, settings, "model", scope.model());
    }
    Path file = folder.resolve("scores.npy");
    if (!Files.exists(file)) {
      throw BadInputException.of("the results have no scores, infer with --scores", "file", file);
    }
    return new StoredRows(file, data.graph().numNodes(), numClasses);
  }

  private static JsonObject settings(Path manifest) {
    try {
      return JsonParser.parseString(Files.readString(manifest))
          .getAsJsonObject()
          .getAsJsonObject("settings");
    } catch (IOException | JsonParseException | IllegalStateException | ClassCastException e) {
      throw new BadInputException("results have no manifest that can be read: file=" + manifest, e);
    }
  }

  /** Whether both texts are the same JSON. */
  private static boolean isSame(String found, String expected) {
    try {
      return JsonParser.parseString(found).equals(JsonParser.parseString(expected));
    } catch (JsonParseException e) {
      return false;
    }
  }

  private static String text(JsonObject settings, String name) {
    return settings != null && settings.has(name) && settings.get(name).isJsonPrimitive()
        ? settings.get(name).getAsString()
        : "null";
  }

  private static void require(Path manifest, JsonObject settings, String name, String expected) {
    String found = text(settings, name);
    if (!found.equals(expected)) {
      throw BadInputException.of(
          "results are of another model or dataset",
          "file",
          manifest,
          "setting",
          name,
          "found",
          found,
          "expected",
          expected);
    }
  }

  @Override
  public void compute(List<Ask> batch) {
    for (Ask ask : batch) {
      if (ask.unknown().isPresent()) {
        ask.answer()
            .completeExceptionally(RequestException.bad("a table has no answer for new nodes"));
      } else {
        long begin = (long) ask.node() * numClasses * Float.BYTES;
        ask.complete(scores.asSlice(begin, (long) numClasses * Float.BYTES).toArray(JAVA_FLOAT));
      }
    }
  }

  @Override
  public boolean isStored() {
    return true;
  }

  @Override
  public void close() {
    arena.close();
  }
}
