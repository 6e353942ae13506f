package io.millrace.cli.host;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyHintTest {
  @TempDir Path folder;

  @Test
  void namesTheProxiesThatAreInstalledAndThePage() throws IOException {
    Path caddy = Files.createFile(folder.resolve("caddy"));
    assertFalse(ProxyHint.of(folder.toString()).contains("caddy"), "not a program");
    assertTrue(caddy.toFile().setExecutable(true));
    String hint = ProxyHint.of("/nowhere" + File.pathSeparator + folder);
    assertTrue(hint.contains(caddy.toString()), hint);
    assertTrue(hint.endsWith("docs/serve.md"), hint);
    assertTrue(
        Files.exists(
            Path.of(System.getProperty("maven.multiModuleProjectDirectory"), "docs", "serve.md")));
  }
}
