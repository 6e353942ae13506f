package io.millrace.training.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.EngineException;
import io.millrace.BadInputException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The libtorch that PYTORCH_LIBRARY_PATH names. */
class UserLibTorchTest {
  @TempDir private Path folder;

  private void add(String library) throws IOException {
    Files.createFile(folder.resolve(System.mapLibraryName(library)));
  }

  @Test
  void findsTheFolderThatHasIt() throws IOException {
    add("torch");

    assertEquals(folder, UserLibTorch.folder(folder.toString()));
    assertEquals(folder, UserLibTorch.folder(folder.resolve("none") + File.pathSeparator + folder));
  }

  @Test
  void refusesAFolderWithoutItAndSaysWhichVersionIsNeeded() {
    BadInputException e =
        assertThrows(BadInputException.class, () -> UserLibTorch.folder(folder.toString()));

    assertTrue(e.getMessage().contains("PYTORCH_LIBRARY_PATH=" + folder), e.getMessage());
    assertTrue(e.getMessage().contains("version=" + TorchEngine.requiredVersion()), e.getMessage());
  }

  @Test
  void takesTheJniLibraryForCudaWhereLibtorchHasCuda() throws IOException {
    add("torch");
    assertEquals("cpu", UserLibTorch.flavor(folder));
    add("torch_cuda");
    assertEquals("cu128", UserLibTorch.flavor(folder));
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
    BadInputException e = UserLibTorch.notLoaded(new UnsatisfiedLinkError("no such symbol"));

    assertTrue(e.getMessage().startsWith("libtorch cannot be loaded: "), e.getMessage());
    assertTrue(e.getMessage().contains("no such symbol"), e.getMessage());
  }

  @Test
  void aFolderThatIsMountedNoexecIsNamedAsTheReason() {
    Throwable linker =
        new UnsatisfiedLinkError("libc10.so: failed to map segment from shared object");
    BadInputException e = UserLibTorch.notLoaded(new EngineException("Failed to load", linker));

    assertTrue(e.getMessage().contains("cause=libc10.so: failed to map segment"), e.getMessage());
    assertTrue(e.getMessage().contains("noexec? DJL_CACHE_DIR names another"), e.getMessage());
  }

  /** Stands for libtorch_cpu: at::show_config() gives a std::string with the version. */
  private static final String CPU_SOURCE =
      """
      static const char *version = "TORCH_VERSION=1.0.0";
      void register_cuda(void) { version = "TORCH_VERSION=1.0.128"; }
      struct string { const char *characters; long length; char room[16]; };
      void *_ZN2at11show_configB5cxx11Ev(struct string *out) {
        out->characters = version;
        for (out->length = 0; version[out->length]; out->length++) {}
        version = "asked already";
        return out;
      }
      """;

  private static final String CUDA_SOURCE =
      """
      void register_cuda(void);
      __attribute__((constructor)) static void loaded(void) { register_cuda(); }
      """;

  private void compile(String library, String source, String... more) throws Exception {
    String file = System.mapLibraryName(library);
    Path code = Files.writeString(folder.resolve(library + ".c"), source);
    List<String> command = new ArrayList<>(List.of("cc", "-shared", "-fPIC", "-w", "-o", file));
    command.add(code.toString());
    command.addAll(List.of(more));
    Process compiler = new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start();
    assertEquals(0, compiler.waitFor(), command.toString());
  }

  /** It would find no GPU later, if it were asked for its version first. */
  @Test
  void opensThePartForCudaBeforeItAsksForTheVersion() throws Exception {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "needs libstdc++'s names");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/cc")), "needs a C compiler");
    compile("stand_in", CPU_SOURCE); // the linker knows a libtorch_cpu already
    Files.createSymbolicLink(
        folder.resolve(System.mapLibraryName("torch_cpu")),
        folder.resolve(System.mapLibraryName("stand_in")));
    compile("torch_cuda", CUDA_SOURCE, "-L.", "-Wl,-rpath,$ORIGIN", "-lstand_in");

    BadInputException e =
        assertThrows(BadInputException.class, () -> UserLibTorch.requireVersion(folder));

    assertTrue(e.getMessage().contains("found=1.0.128"), e.getMessage());
  }
}
