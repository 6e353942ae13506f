package io.millrace.training;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonParser;
import io.millrace.datasets.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A trained model on disk: {@code model.safetensors} in a directory of its own, weights and
 * description in one file, so that both are replaced together.
 *
 * <p>It is written beside its target and renamed: whenever the process ends, the old model or the
 * new one is there, whole. {@link SafetensorsFile} has the layout; {@code __metadata__} holds the
 * {@link ModelInfo} under "millrace". Python's safetensors opens the file. Immutable.
 */
public final class ModelFile {
  private static final String NAME = "model.safetensors";
  private static final String INFO = "millrace";

  /** A Java array holds no more. */
  private static final long MAX_BYTES = Integer.MAX_VALUE - 8L;

  private final Path path;
  private final SafetensorsFile file;

  private ModelFile(Path path, SafetensorsFile file) {
    this.path = path;
    this.file = file;
  }

  /**
   * Looks whether a model could be written there, without leaving a trace.
   *
   * @throws BadInputException if not: better before a training than after its first epoch
   */
  static void requireWritable(Path directory) {
    Path existing = directory.toAbsolutePath();
    while (existing != null && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
      existing = existing.getParent();
    }
    if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
      throw BadInputException.of(
          "model cannot be saved, no directory to write into",
          "directory",
          directory,
          "found",
          existing);
    }
  }

  /**
   * Writes a model, over the one that is there.
   *
   * @param directory is made if it is missing
   * @param weights all parameters, under their names
   * @throws BadInputException if it cannot be written; the old model is still there then
   */
  static void write(Path directory, ModelInfo info, NDList weights) {
    byte[] bytes = SafetensorsWriter.encode(weights, INFO, info.toJson().toString());
    Path target = directory.resolve(NAME);
    Path beside = directory.resolve(NAME + ".part");
    try {
      Files.createDirectories(directory);
      try (FileChannel file =
          FileChannel.open(
              beside,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        for (ByteBuffer rest = ByteBuffer.wrap(bytes); rest.hasRemaining(); ) {
          file.write(rest);
        }
        file.force(true); // or the rename could reach the disk before the contents
      }
      Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new BadInputException("model cannot be saved: file=" + target + ", cause=" + e, e);
    }
  }

  /**
   * Reads a model and verifies its checksum.
   *
   * @throws BadInputException if there is none, or it is damaged
   */
  public static ModelFile read(Path directory) {
    Path path = directory.resolve(NAME);
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw BadInputException.of("model is too large", "file", path, "maxBytes", MAX_BYTES);
      }
      return new ModelFile(path, SafetensorsFile.verified(path, Files.readAllBytes(path), INFO));
    } catch (NoSuchFileException e) {
      throw new BadInputException("directory holds no model: file=" + path, e);
    } catch (IOException e) {
      throw new BadInputException("model cannot be read: file=" + path + ", cause=" + e, e);
    }
  }

  /**
   * What was stored with the weights.
   *
   * @throws BadInputException if the model is none of ours and its class is not on the class path;
   *     a trainer of such a model can load the weights all the same
   */
  public ModelInfo info() {
    try {
      return ModelInfo.fromJson(JsonParser.parseString(file.text(INFO)).getAsJsonObject());
    } catch (BadInputException e) {
      throw new BadInputException(e.getMessage() + ", file=" + path, e);
    } catch (RuntimeException e) { // what Gson makes of a text that we have not written
      throw new BadInputException("model has no description of ours: file=" + path, e);
    }
  }

  /** The parameters under their names, owned by the manager. */
  NDList weights(NDManager manager) {
    return file.tensors(manager);
  }
}
