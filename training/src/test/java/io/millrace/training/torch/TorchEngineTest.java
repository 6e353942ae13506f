package io.millrace.training.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TorchEngineTest {
  @Test
  @Tag("exhaustive")
  void startsInAThreadWhoseContextClassLoaderIsAnotherPrograms() throws Exception {
    assertEquals(4, EngineProcess.lines(Map.of(), "-D" + EngineProcess.FOREIGN + "=true").size());
  }

  @Test
  void keepsAContextClassLoaderThatSeesDjl() throws Exception {
    ClassLoader own = TorchEngine.class.getClassLoader();
    try (URLClassLoader users = new URLClassLoader(new URL[0], own);
        URLClassLoader foreign = new URLClassLoader(new URL[0], null)) {
      assertSame(users, TorchEngine.withDjl(users));
      assertSame(own, TorchEngine.withDjl(foreign));
      assertSame(own, TorchEngine.withDjl(null));
    }
  }
}
