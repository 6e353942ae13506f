package io.millrace.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.serving.models.ModelSettings.Mode;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  private static final String PASSWORD = "a password";

  @TempDir Path folder;

  @Test
  @Tag("exhaustive")
  void servesOverHttpsWithACertificateOfItsOwn() throws Exception {
    Path keystore = folder.resolve("key.p12");
    Path passwordFile = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
    makeKeystore(keystore);
    TestModels.save(folder.resolve("m1"), 1);
    GraphDataset data = TestModels.data();
    try (PredictionServer server =
            PredictionServer.of(data, TestModels.settings(Mode.SAMPLED, 60_000), 0);
        HttpClient client = HttpClient.newBuilder().sslContext(trusting(keystore)).build()) {
      server.add("m1", folder.resolve("m1"), Optional.empty());
      ServerOptions options =
          ServerOptions.defaults()
              .address("localhost", 0)
              .tls(Keystore.tls(keystore, passwordFile));
      URI address = server.start(options);
      assertEquals("https", address.getScheme());
      HttpResponse<String> ready =
          client.send(
              HttpRequest.newBuilder(address.resolve("/v2/health/ready")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals("{\"ready\":true}", ready.body());
    }
    Files.writeString(passwordFile, "another\n");
    BadInputException e =
        assertThrows(BadInputException.class, () -> Keystore.tls(keystore, passwordFile));
    assertTrue(e.getMessage().startsWith("cannot open the keystore: file="), e.getMessage());
  }

  private static void makeKeystore(Path file) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "server",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(keytool.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, keytool.exitValue());
  }

  private static SSLContext trusting(Path keystore) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keystore)) {
      store.load(in, PASSWORD.toCharArray());
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
