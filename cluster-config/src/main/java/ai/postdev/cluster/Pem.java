package ai.postdev.cluster;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/** Certificates and private keys as PEM text (RFC 7468), one to a file. */
final class Pem {
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String KEY = "PRIVATE KEY";
    private static final int LINE = 64;

    private Pem() {}

    /**
     * Reads the certificate in {@code file}.
     *
     * @throws NodeRefused if it holds none, or a damaged one
     */
    static X509Certificate certificate(Path file) throws IOException {
        byte[] der = content(file, CERTIFICATE)
                .orElseThrow(() -> new NodeRefused(file + " holds no PEM certificate; restore it from a backup"));
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw damaged(file, e);
        }
    }

    /**
     * Reads the EC key in {@code file}.
     *
     * @throws NodeRefused if it holds none or a damaged one, or others can read it
     */
    static PrivateKey key(Path file) throws IOException {
        if (PrivateFiles.isOpenToOthers(file)) {
            throw new NodeRefused(
                    "the private key " + file + " can be read by others; chmod 600 it, and if others used "
                            + "this machine meanwhile, make new keys by removing the directory " + file.getParent());
        }
        byte[] der = content(file, KEY)
                .orElseThrow(
                        () -> new NodeRefused(file + " holds no PEM private key (PKCS 8); restore it from a backup"));
        try {
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw damaged(file, e);
        }
    }

    /** A certificate as text. */
    static String text(X509Certificate certificate) throws CertificateException {
        return text(CERTIFICATE, certificate.getEncoded());
    }

    /** A key as text, PKCS 8, which every tool reads. */
    static String text(PrivateKey key) {
        return text(KEY, key.getEncoded());
    }

    private static String text(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
        // What stands before the first line is for people (RFC 7468): other tools pass it over.
        return CheckedText.with(begin(label) + "\n" + base64 + "\n" + end(label) + "\n");
    }

    /** What stands between the first two lines of {@code label}. */
    private static Optional<byte[]> content(Path file, String label) throws IOException {
        String text;
        try {
            text = CheckedText.of(file, new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new NodeRefused(e.getMessage(), e);
        }
        int from = text.indexOf(begin(label));
        if (from < 0) {
            return Optional.empty();
        }
        from += begin(label).length();
        int to = text.indexOf(end(label), from);
        if (to < 0) {
            throw damaged(file, new IOException("it ends before \"" + end(label) + "\""));
        }
        String base64 = text.substring(from, to).replaceAll("\\s", "");
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            throw damaged(file, e);
        }
    }

    private static String begin(String label) {
        return "-----BEGIN " + label + "-----";
    }

    private static String end(String label) {
        return "-----END " + label + "-----";
    }

    private static NodeRefused damaged(Path file, Exception cause) {
        return new NodeRefused(file + " is damaged: " + cause.getMessage() + "; restore it from a backup", cause);
    }
}
