package io.millrace.cli.ranks;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.platform.AtomicFile;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.datasets.platform.LimitedText;
import io.millrace.tuning.balance.RankProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/** A profile of a machine as {@code balance profile} writes it and {@code train} reads it. */
@Internal
public final class ProfileFile {
  private static final int MAX_BYTES = 1 << 20;
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private ProfileFile() {}

  /**
   * Writes a profile; a file that is there is replaced.
   *
   * @throws BadInputException if it cannot be written
   */
  public static void write(Path file, RankProfile profile) {
    try {
      AtomicFile.write(file, GSON.toJson(profile), true);
    } catch (IOException e) {
      throw BadInputException.of(
          "a profile cannot be written", "file", file, "cause", IoErrors.cause(e));
    }
  }

  /**
   * @throws BadInputException if there is none in the file
   */
  public static RankProfile read(Path file) {
    String text = text(file);
    try {
      return Objects.requireNonNull(GSON.fromJson(text, RankProfile.class)); // null: no text
    } catch (BadInputException e) {
      throw new BadInputException(e.getMessage() + ", file=" + file, e);
    } catch (JsonParseException | NullPointerException e) {
      throw noProfile(file);
    } catch (RuntimeException e) { // gson wraps what a record's constructor refuses
      String cause = e.getCause() instanceof BadInputException bad ? bad.getMessage() : "";
      throw BadInputException.of(
          "this is no profile of balance profile", "file", file, "cause", cause);
    }
  }

  private static String text(Path file) {
    try {
      return LimitedText.read(file, MAX_BYTES, "a profile is too long");
    } catch (IOException e) {
      throw noProfile(file);
    }
  }

  private static BadInputException noProfile(Path file) {
    return BadInputException.of("this is no profile of balance profile", "file", file);
  }
}
