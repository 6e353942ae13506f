package io.millrace.cli.ranks;

import io.millrace.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import picocli.CommandLine.Option;

/** The options that encrypt the connections between ranks, by the JDK's TLS. */
final class TlsOptions {
  private static final int MAX_PASSWORD = 4096;

  @Option(
      names = "--tls-keystore",
      paramLabel = "FILE",
      description =
          "With --hosts: encrypt the connections; a keystore (PKCS12 or JKS) of this rank's key and"
              + " certificate. Needs --tls-password-file.")
  private Optional<Path> keystore = Optional.empty();

  @Option(
      names = "--tls-truststore",
      paramLabel = "FILE",
      description =
          "The certificates of the other ranks, or of who has signed them (default: those in"
              + " --tls-keystore).")
  private Optional<Path> truststore = Optional.empty();

  @Option(
      names = "--tls-password-file",
      paramLabel = "FILE",
      description = "A file with the password of the stores in its first line.")
  private Optional<Path> passwordFile = Optional.empty();

  boolean isPresent() {
    return keystore.isPresent() || truststore.isPresent() || passwordFile.isPresent();
  }

  void requireFit() {
    if (isPresent() && (keystore.isEmpty() || passwordFile.isEmpty())) {
      throw BadInputException.of(
          "--tls-keystore and --tls-password-file belong together",
          "--tls-keystore",
          keystore.map(Path::toString).orElse(""),
          "--tls-password-file",
          passwordFile.map(Path::toString).orElse(""));
    }
  }

  /**
   * What the connections are encrypted with, if they are.
   *
   * @throws BadInputException if a file cannot be read, or the password is wrong
   */
  Optional<SSLContext> context() {
    if (keystore.isEmpty()) {
      return Optional.empty();
    }
    char[] password = password(passwordFile.orElseThrow());
    try {
      KeyStore keys = store("--tls-keystore", keystore.get(), password);
      KeyStore trusted =
          truststore.isEmpty() ? keys : store("--tls-truststore", truststore.get(), password);
      KeyManagerFactory own =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      own.init(keys, password);
      TrustManagerFactory others =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      others.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(own.getKeyManagers(), others.getTrustManagers(), null);
      return Optional.of(context);
    } catch (GeneralSecurityException e) {
      throw new BadInputException(
          "TLS cannot be used: --tls-keystore=" + keystore.get() + ", cause=" + e.getMessage(), e);
    } finally {
      Arrays.fill(password, ' ');
    }
  }

  private static KeyStore store(String option, Path file, char[] password)
      throws GeneralSecurityException {
    try {
      return KeyStore.getInstance(file.toFile(), password);
    } catch (IOException e) {
      throw new BadInputException(
          "a keystore cannot be read: " + option + "=" + file + ", cause=" + e.getMessage(), e);
    }
  }

  private static char[] password(Path file) {
    try {
      if (Files.size(file) > MAX_PASSWORD) {
        throw BadInputException.of("the password is too long", "--tls-password-file", file);
      }
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      return text.lines().findFirst().orElse("").toCharArray();
    } catch (IOException e) {
      throw new BadInputException(
          "the password cannot be read: --tls-password-file=" + file + ", cause=" + e, e);
    }
  }
}
