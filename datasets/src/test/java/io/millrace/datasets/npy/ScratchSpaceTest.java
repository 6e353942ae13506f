package io.millrace.datasets.npy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.millrace.Progress;
import io.millrace.datasets.Expect;
import io.millrace.datasets.NumpyFiles;
import io.millrace.datasets.formats.NumpyEdges;
import io.millrace.datasets.formats.features.NumpyRows;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Arrays that are laid down in a scratch file which no disk has room for: said before it is made.
 */
class ScratchSpaceTest {
  private static final long HUGE = 1L << 50;

  @TempDir Path folder;

  private static NumpyReader array(boolean fortran, String shape) {
    byte[] npy = NumpyFiles.npy("|i1", fortran, shape, 0, 0);
    return NumpyReader.of("a.npy", new ByteArrayInputStream(npy), Long.MAX_VALUE);
  }

  private void rejects(Executable open) {
    Expect.badInput(
        open, "not enough space on disk: folder=" + folder, "needBytes=" + HUGE * Integer.BYTES);
    assertEquals(0, folder.toFile().list().length);
  }

  @Test
  void ofSourcesBeforeDestinations() {
    NumpyReader in = array(false, "2, " + HUGE);
    rejects(() -> NumpyEdges.open(in, 1, folder.resolve("scratch"), Progress.NONE));
  }

  @Test
  void ofFeaturesColumnByColumn() {
    NumpyReader in = array(true, (1 << 20) + ", " + (HUGE >> 20));
    rejects(() -> NumpyRows.of(in, 1 << 20, folder.resolve("scratch")));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void isGivenBackWhenTheSourcesAreBad() throws IOException {
    byte[] npy = NumpyFiles.npy("<i8", false, "2, 2", 0, 7, 0, 0);
    Path file = Files.write(folder.resolve("edges.npy"), npy);
    Path scratch = folder.toRealPath().resolve("scratch");
    Expect.badInput(
        () -> NumpyEdges.open(NumpyReader.open(file), 2, scratch, Progress.NONE),
        "edge id out of range",
        "element=1, id=7");
    String mapped = Files.readString(Path.of("/proc/self/maps"));
    assertFalse(mapped.contains(scratch.toString()), "still mapped");
    assertFalse(Files.exists(scratch));
  }
}
