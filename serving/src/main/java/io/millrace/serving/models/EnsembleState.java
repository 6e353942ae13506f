package io.millrace.serving.models;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.BadInputException;
import io.millrace.datasets.platform.AtomicFile;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.serving.selection.ModelWeights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * What feedback has taught an ensemble, and the ids of the latest feedback, in memory and in a
 * file. Thread-safe.
 */
final class EnsembleState {
  private static final System.Logger LOG = System.getLogger(EnsembleState.class.getName());

  /** Older ones are forgotten; the file is written after each feedback, so it must stay small. */
  private static final int MAX_IDS = 1000;

  private final List<String> names;
  private final Optional<Path> file;
  private final ModelWeights weights;
  private long numRight;
  private long numJudged;

  /** Of feedback that was counted, or is being counted, the oldest first. */
  private final SequencedSet<String> ids = new LinkedHashSet<>();

  /**
   * @param names of the models
   * @param file read if it exists; written at once, so that a folder that cannot be written to is
   *     noticed at the start, and after each feedback
   * @throws BadInputException if the file is not one of this ensemble, or cannot be written
   */
  EnsembleState(List<String> names, Optional<Path> file) {
    this.names = names;
    this.file = file;
    weights = new ModelWeights(names.size(), ModelWeights.SHARE);
    file.filter(Files::exists).ifPresent(this::restore);
    try {
      save();
    } catch (UncheckedIOException e) {
      throw new BadInputException("cannot write the state: file=" + file.orElseThrow(), e);
    }
  }

  private void restore(Path saved) {
    try {
      JsonObject state = JsonParser.parseString(Files.readString(saved)).getAsJsonObject();
      if (!names.equals(texts(state.getAsJsonArray("models")))) {
        throw BadInputException.of("weights are of other models", "file", saved);
      }
      weights.restore(
          state.getAsJsonArray("weights").asList().stream()
              .mapToDouble(JsonElement::getAsDouble)
              .toArray());
      numRight = state.get("right").getAsLong();
      numJudged = state.get("judged").getAsLong();
      if (state.has("ids")) { // files of earlier versions have none
        ids.addAll(texts(state.getAsJsonArray("ids")));
      }
    } catch (BadInputException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // whatever Gson makes of a damaged file
      throw new BadInputException("not the state of an ensemble: file=" + saved, e);
    }
  }

  private static List<String> texts(JsonArray array) {
    return array.asList().stream().map(JsonElement::getAsString).toList();
  }

  private void save() {
    if (file.isEmpty()) {
      return;
    }
    JsonObject state = new JsonObject();
    JsonArray models = new JsonArray();
    names.forEach(models::add);
    state.add("models", models);
    JsonArray values = new JsonArray();
    Arrays.stream(weights.values()).forEach(values::add);
    state.add("weights", values);
    state.addProperty("right", numRight);
    state.addProperty("judged", numJudged);
    JsonArray counted = new JsonArray();
    ids.forEach(counted::add);
    state.add("ids", counted);
    try {
      AtomicFile.write(file.get(), state + "\n", false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The weight of each model; a copy. */
  synchronized double[] weights() {
    return weights.values();
  }

  /** The share of right answers; NaN before the first feedback. */
  synchronized double accuracy() {
    return numJudged == 0 ? Double.NaN : (double) numRight / numJudged;
  }

  /**
   * Takes an id of feedback, which may be counted then.
   *
   * @return false if it was taken before: that feedback must not count again
   */
  synchronized boolean take(String id) {
    boolean isNew = ids.add(id);
    if (ids.size() > MAX_IDS) {
      ids.removeFirst();
    }
    return isNew;
  }

  /** Gives an id back, because its feedback was not counted. */
  synchronized void giveBack(String id) {
    ids.remove(id);
  }

  /** Learns from one loss of each model, as {@link ModelWeights#learn}. */
  synchronized void learn(double[] losses, double[] chances, double eta) {
    weights.learn(losses, chances, eta);
  }

  /**
   * Counts answers that were judged, and keeps all that was learned. Where the file cannot be
   * written, as on a full disk, it is kept in memory and written by the next feedback that can.
   *
   * @return the weights
   */
  synchronized double[] judged(int right, int all) {
    numRight += right;
    numJudged += all;
    try {
      save();
    } catch (UncheckedIOException e) {
      LOG.log(
          Level.ERROR,
          "the state of the ensemble cannot be written, the next feedback tries it again: file="
              + file.orElseThrow()
              + ", cause="
              + IoErrors.cause(e.getCause()));
    }
    return weights.values();
  }
}
