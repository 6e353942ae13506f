package io.millrace.training;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.datasets.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
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

  private final ModelInfo info;
  private final byte[] bytes;

  private ModelFile(ModelInfo info, byte[] bytes) {
    this.info = info;
    this.bytes = bytes;
  }

  /**
   * Writes a model, over the one that is there.
   *
   * @param directory is made if it is missing
   * @param weights all parameters, under their names
   */
  static void write(Path directory, ModelInfo info, NDList weights) {
    byte[] bytes = SafetensorsFile.encode(weights, INFO, info.toJson().toString());
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
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a model and verifies its checksum.
   *
   * @throws BadInputException if there is none, or it is damaged
   */
  public static ModelFile read(Path directory) {
    Path file = directory.resolve(NAME);
    try {
      byte[] bytes = Files.readAllBytes(file);
      String info = SafetensorsFile.verified(file, bytes, INFO);
      JsonObject json = JsonParser.parseString(info).getAsJsonObject();
      return new ModelFile(ModelInfo.fromJson(json), bytes);
    } catch (NoSuchFileException e) {
      throw new BadInputException("directory holds no model: file=" + file, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public ModelInfo info() {
    return info;
  }

  /** The parameters under their names, owned by the manager. */
  NDList weights(NDManager manager) {
    return NDList.decode(manager, bytes);
  }
}
