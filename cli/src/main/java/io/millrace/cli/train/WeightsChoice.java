package io.millrace.cli.train;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.training.loss.ClassWeights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The value of {@code --class-weights}.
 *
 * @param text the value as it was written
 */
@Internal
public record WeightsChoice(String text, ClassWeights weights) {
  /** Reads {@code equal}, {@code balanced}, or a file of one number per class. */
  public static WeightsChoice parse(String text) {
    return new WeightsChoice(
        text,
        switch (text) {
          case "equal" -> ClassWeights.equal();
          case "balanced" -> ClassWeights.balanced();
          default -> read(Path.of(text));
        });
  }

  /** The value as it was written, but a file as an absolute path. */
  String place() {
    return text.equals("equal") || text.equals("balanced")
        ? text
        : Path.of(text).toAbsolutePath().toString();
  }

  private static ClassWeights read(Path file) {
    IoErrors.requireRegular(file);
    try {
      String numbers = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
      return ClassWeights.of(
          Arrays.stream(numbers.split("[\\s,]+")).mapToDouble(Double::parseDouble).toArray());
    } catch (IOException e) {
      throw BadInputException.of(
          "class weights are equal, balanced, or a file that can be read", "file", file);
    } catch (NumberFormatException e) {
      throw BadInputException.of(
          "a file of class weights must hold one number per class", "file", file);
    }
  }
}
