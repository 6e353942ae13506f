package io.millrace.serving;

import io.millrace.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** The certificate and key of a server, by the JDK's own means. Stateless. */
public final class Keystore {
  private Keystore() {}

  /**
   * Reads a PKCS 12 file, as {@code keytool} and {@code openssl pkcs12} make it.
   *
   * @param passwordFile its first line is the password
   * @throws BadInputException if it cannot be read or opened
   */
  public static SSLContext tls(Path file, Path passwordFile) {
    try (InputStream in = Files.newInputStream(file)) {
      char[] password = Files.readString(passwordFile).lines().findFirst().orElse("").toCharArray();
      try {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(in, password);
        KeyManagerFactory keys =
            KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
      } finally {
        Arrays.fill(password, ' ');
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new BadInputException(
          "cannot open the keystore: file=" + file + ", cause=" + e.getMessage(), e);
    }
  }
}
