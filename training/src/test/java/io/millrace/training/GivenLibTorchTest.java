package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.BadInputException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The libtorch that PYTORCH_LIBRARY_PATH names. */
class GivenLibTorchTest {
  @TempDir private Path folder;

  private void add(String library) throws IOException {
    Files.createFile(folder.resolve(System.mapLibraryName(library)));
  }

  @Test
  void findsTheFolderThatHasIt() throws IOException {
    add("torch");

    assertEquals(folder, GivenLibTorch.folder(folder.toString()));
    assertEquals(
        folder, GivenLibTorch.folder(folder.resolve("none") + File.pathSeparator + folder));
  }

  @Test
  void refusesAFolderWithoutItAndSaysWhichVersionIsNeeded() {
    BadInputException e =
        assertThrows(BadInputException.class, () -> GivenLibTorch.folder(folder.toString()));

    assertTrue(e.getMessage().contains("PYTORCH_LIBRARY_PATH=" + folder), e.getMessage());
    assertTrue(e.getMessage().contains("version=" + TorchEngine.requiredVersion()), e.getMessage());
  }

  @Test
  void takesTheJniLibraryForCudaWhereLibtorchHasCuda() throws IOException {
    add("torch");
    assertEquals("cpu", GivenLibTorch.flavor(folder));
    add("torch_cuda");
    assertEquals("cu128", GivenLibTorch.flavor(folder));
  }

  @Test
  void theClassPathHasTheJniLibraryOfEitherFlavor() {
    for (String flavor : new String[] {"cpu", "cu128"}) {
      String name = "jnilib/linux-x86_64/" + flavor + "/libdjl_torch.so";
      assertTrue(getClass().getClassLoader().getResource(name) != null, name);
    }
  }

  @Test
  void aStartThatFailsIsToldInOneLine() {
    BadInputException e = GivenLibTorch.notLoaded(new UnsatisfiedLinkError("no such symbol"));

    assertTrue(e.getMessage().startsWith("libtorch cannot be loaded: "), e.getMessage());
    assertTrue(e.getMessage().contains("no such symbol"), e.getMessage());
  }
}
