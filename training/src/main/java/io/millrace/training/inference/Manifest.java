package io.millrace.training.inference;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.millrace.BadInputException;
import io.millrace.datasets.Split;
import io.millrace.datasets.platform.AtomicFile;
import io.millrace.training.metrics.Evaluation;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * {@code manifest.json}: the inputs and settings of the results, the files with bytes and SHA-256,
 * and the scores of the predictions, without those that are undefined. It is written last: if it
 * exists, everything is done. It contains neither times nor host names, so equal results have equal
 * manifests.
 *
 * @param out the directory of the results
 * @param identity everything that the results depend on
 * @param choice the files to write
 */
record Manifest(Path out, Map<String, String> identity, OutputOptions choice) {
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();
  private static final String SETTINGS = "settings";

  private Path file() {
    return out.resolve("manifest.json");
  }

  boolean exists() {
    return AtomicFile.read(file()).isPresent();
  }

  /**
   * @throws BadInputException if the existing results were made in another way
   */
  void requireSame() {
    JsonObject found = AtomicFile.read(file()).map(this::settings).orElseGet(JsonObject::new);
    JsonObject now = settings();
    Set<String> names = new LinkedHashSet<>(now.keySet());
    names.addAll(found.keySet());
    for (String name : names) {
      if (!Objects.equals(found.get(name), now.get(name))) {
        throw BadInputException.of(
            "the directory has results of other settings, use another one",
            "file",
            file(),
            "setting",
            name,
            "found",
            found.get(name),
            "now",
            now.get(name));
      }
    }
  }

  private JsonObject settings(String text) {
    try {
      JsonObject found = JsonParser.parseString(text).getAsJsonObject().getAsJsonObject(SETTINGS);
      return found == null ? new JsonObject() : found;
    } catch (JsonParseException | IllegalStateException | ClassCastException e) {
      throw new BadInputException("not a manifest of results: file=" + file(), e);
    }
  }

  private JsonObject settings() {
    JsonObject settings = GSON.toJsonTree(identity).getAsJsonObject();
    settings.addProperty("scores", choice.scores());
    settings.addProperty("top_k", choice.topK());
    settings.addProperty("csv", choice.csv());
    if (choice.csv() && choice.spreadsheet()) { // absent in manifests of plain csv
      settings.addProperty("spreadsheet", true);
    }
    return settings;
  }

  /**
   * @param work the folder where it is written before it is renamed
   */
  void write(
      Map<String, OutputFile.Written> files,
      InferenceSettings used,
      Map<Split, Evaluation> scores,
      Path work) {
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put(SETTINGS, settings());
    manifest.put("num_nodes", used.nodeSet().numNodes());
    manifest.put("num_classes", used.info().numClasses());
    manifest.put("files", files);
    Map<String, Object> bySplit = new LinkedHashMap<>();
    scores.forEach((split, score) -> bySplit.put(split.fileName(), score.figures()));
    manifest.put("splits", bySplit);
    AtomicFile.write(file(), GSON.toJson(manifest) + "\n", work);
  }
}
