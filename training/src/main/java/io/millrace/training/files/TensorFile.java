package io.millrace.training.files;

import ai.djl.ndarray.NDList;
import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.platform.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A kind of file that a training keeps in its directory: tensors and a description in one, so that
 * both are replaced together.
 *
 * <p>Whenever the process ends, the old file or the new one is there, whole. {@link
 * SafetensorsFile} has the layout and the checksum; {@code __metadata__} holds the description.
 * Python's safetensors opens the file. Immutable.
 *
 * @param what it holds, for messages: "model"
 * @param name of the file
 * @param entry the description's name in the metadata
 */
@Internal
public record TensorFile(String what, String name, String entry) {
  public Path in(Path directory) {
    return directory.resolve(name);
  }

  public boolean existsIn(Path directory) {
    return Files.exists(in(directory));
  }

  /**
   * Writes a file, over the one that is there.
   *
   * @param directory is made if it is missing
   * @throws BadInputException if it cannot be written; the old file is still there then
   */
  public void write(Path directory, NDList tensors, String description) {
    write(directory, SafetensorsWriter.encode(tensors, entry, description));
  }

  /** The file in memory, as it would be written. */
  SafetensorsFile of(NDList tensors, String description) {
    return SafetensorsFile.of(SafetensorsWriter.encode(tensors, entry, description), Path.of(name));
  }

  /**
   * Writes the bytes of a file, over the one that is there.
   *
   * @throws BadInputException if it cannot be written; the old file is still there then
   */
  void write(Path directory, byte[] bytes) {
    try {
      Files.createDirectories(directory);
      AtomicFile.write(in(directory), bytes, true);
    } catch (IOException e) {
      throw new BadInputException(
          "%s cannot be saved: file=%s, cause=%s".formatted(what, in(directory), e), e);
    }
  }

  /**
   * Verifies the checksum of a file in memory.
   *
   * @param bytes of the whole file, which must not be changed afterwards
   * @throws BadInputException if they are of another kind, or damaged
   */
  SafetensorsFile parse(byte[] bytes) {
    return SafetensorsFile.parse(Path.of(name), what, bytes).verified(entry);
  }

  /**
   * Reads a file and verifies its checksum.
   *
   * @throws BadInputException if there is none, or it is damaged
   */
  public SafetensorsFile read(Path directory) {
    return SafetensorsFile.read(in(directory), what).verified(entry);
  }
}
