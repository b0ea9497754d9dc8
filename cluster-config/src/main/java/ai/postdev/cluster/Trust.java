package ai.postdev.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who a node trusts and how it proves itself: a certificate authority (CA) of the person's own, made on first start, and
 * a certificate of this node signed by it. EC P-256 keys in PEM files of mode 600 under {@code keys/}.
 *
 * <p>Nodes that share a CA can form a cluster. For now a machine is added by copying {@code ca.pem} and {@code ca-key.pem}
 * to it ({@link #importFrom}): whoever has {@code ca-key.pem} can join, so it must travel as carefully as a password.
 */
public final class Trust {
    /** The name every certificate of a node carries; peers check it, so that no other certificate of the CA will do. */
    public static final String NODE_NAME = "postdevai-node";

    /** The environment variable that names a directory with the CA of an existing cluster, for a home without one. */
    public static final String VARIABLE = "POSTDEVAI_TRUST_DIR";

    /** A certificate of this node with less life left than this is made anew at start. */
    static final Duration RENEW_BEFORE = Duration.ofDays(90);

    private static final Logger LOG = LoggerFactory.getLogger(Trust.class);
    private static final String CA = "ca.pem";
    private static final String CA_KEY = "ca-key.pem";
    private static final String NODE = "node.pem";
    private static final String NODE_KEY = "node-key.pem";
    private static final String CHECKED = "node.checked";

    private final X509Certificate authority;
    private final X509Certificate node;
    private final PrivateKey nodeKey;

    private Trust(X509Certificate authority, X509Certificate node, PrivateKey nodeKey) {
        this.authority = authority;
        this.node = node;
        this.nodeKey = nodeKey;
    }

    /**
     * The trust of a home; what is missing is made: a CA (unless one can be imported from {@code trustDirectory}, which
     * may be empty), then the certificate of the node.
     *
     * @throws NodeRefused if files are damaged, missing in part, or readable by others
     */
    public static Trust of(Home home, String trustDirectory) {
        Path keys = home.keys();
        try {
            if (!trustDirectory.isBlank()) {
                importFrom(home, Path.of(trustDirectory));
            }
            if (!Files.exists(keys.resolve(CA))) {
                Certificates.makeAuthority(keys.resolve(CA), keys.resolve(CA_KEY));
            }
            X509Certificate authority = Pem.certificate(keys.resolve(CA));
            if (!Files.exists(keys.resolve(NODE)) || mustRenew(keys, authority)) {
                makeNode(keys, authority);
            }
            X509Certificate node = Pem.certificate(keys.resolve(NODE));
            check(keys, authority, node);
            return new Trust(authority, node, Pem.key(keys.resolve(NODE_KEY)));
        } catch (IOException e) {
            throw home.cannotWrite(e);
        } catch (GeneralSecurityException e) {
            throw new NodeRefused("the keys of this node under " + keys + " cannot be made or read: " + e, e);
        }
    }

    /**
     * Takes over the CA of an existing cluster into a home that has none yet; a home that already has this very CA is left
     * alone.
     *
     * @param directory holds {@code ca.pem} and {@code ca-key.pem}, such as {@code keys/} of another home
     * @throws NodeRefused if the home already has another CA, or the directory has none
     */
    public static void importFrom(Home home, Path directory) {
        try {
            for (String name : new String[] {CA, CA_KEY}) {
                if (!Files.isReadable(directory.resolve(name))) {
                    throw new NodeRefused("no readable " + name + " in the trust directory " + directory
                            + "; copy ca.pem and ca-key.pem there from keys/ of a node of the cluster");
                }
            }
            Path own = home.keys().resolve(CA);
            if (Files.exists(own)) {
                if (!Pem.certificate(own).equals(Pem.certificate(directory.resolve(CA)))) {
                    throw new NodeRefused("the home " + home + " already has a CA of its own (" + own
                            + "), another than " + directory.resolve(CA)
                            + "; to move this node to that cluster, remove the files in " + home.keys()
                            + " and start again");
                }
                return;
            }
            PrivateFiles.directory(home.keys());
            PrivateFiles.write(home.keys().resolve(CA_KEY), Files.readString(directory.resolve(CA_KEY)));
            PrivateFiles.write(own, Files.readString(directory.resolve(CA)));
        } catch (IOException e) {
            throw home.cannotWrite(e);
        }
    }

    /** TLS with this node's certificate, trusting its CA and nobody else. */
    SSLContext tls() throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", authority);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        KeyManager own = new OneIdentity(nodeKey, node, authority);
        context.init(new KeyManager[] {own}, trust.getTrustManagers(), new SecureRandom());
        return context;
    }

    /** SHA-256 of the CA's certificate in hexadecimal: equal on all machines of one cluster. */
    public String authorityFingerprint() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(authority.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256, and this certificate was read", e);
        }
    }

    /**
     * That the node's certificate was signed by the authority. A pair that was found so is noted by its digest, for the
     * check itself is a tenth of a start; other nodes check all of it again whenever they are spoken to.
     */
    private static void check(Path keys, X509Certificate authority, X509Certificate node)
            throws GeneralSecurityException, IOException {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        sha256.update(authority.getEncoded());
        String pair = HexFormat.of().formatHex(sha256.digest(node.getEncoded())) + "\n";
        Path checked = keys.resolve(CHECKED);
        if (Files.isRegularFile(checked)
                && Arrays.equals(Files.readAllBytes(checked), pair.getBytes(StandardCharsets.US_ASCII))) {
            return;
        }
        try {
            node.verify(authority.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new NodeRefused(
                    keys.resolve(NODE) + " was not signed by " + keys.resolve(CA) + "; remove " + NODE
                            + " to have it made anew (this needs " + CA_KEY + ")",
                    e);
        }
        try {
            PrivateFiles.write(checked, pair);
        } catch (IOException e) {
            LOG.info(
                    "each start checks the certificate of this node anew, as {} cannot be written: {}",
                    checked,
                    e.toString());
        }
    }

    private static boolean mustRenew(Path keys, X509Certificate authority) throws IOException {
        Instant end = Pem.certificate(keys.resolve(NODE)).getNotAfter().toInstant();
        boolean wanted = end.isBefore(Instant.now().plus(RENEW_BEFORE))
                && end.isBefore(authority.getNotAfter().toInstant());
        return wanted && Files.exists(keys.resolve(CA_KEY));
    }

    private static void makeNode(Path keys, X509Certificate authority) throws GeneralSecurityException, IOException {
        if (!Files.exists(keys.resolve(CA_KEY))) {
            throw new NodeRefused("cannot make a certificate for this node: " + keys.resolve(CA)
                    + " is there but its key " + CA_KEY + " is not; copy it from a node of the cluster");
        }
        Certificates.makeNode(authority, Pem.key(keys.resolve(CA_KEY)), keys.resolve(NODE), keys.resolve(NODE_KEY));
    }
}
