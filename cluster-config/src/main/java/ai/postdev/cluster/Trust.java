package ai.postdev.cluster;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.encoders.DecoderException;
import org.bouncycastle.util.io.pem.PemObject;

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

    static final Duration CA_LIFE = Duration.ofDays(3650);
    static final Duration NODE_LIFE = Duration.ofDays(825);
    /** A certificate of this node with less life left than this is made anew at start. */
    static final Duration RENEW_BEFORE = Duration.ofDays(90);
    /** Certificates count from this long ago, because the clocks of machines differ. */
    static final Duration CLOCK_TOLERANCE = Duration.ofDays(2);

    private static final String CA = "ca.pem";
    private static final String CA_KEY = "ca-key.pem";
    private static final String NODE = "node.pem";
    private static final String NODE_KEY = "node-key.pem";
    private static final SecureRandom RANDOM = new SecureRandom();

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
                makeAuthority(keys);
            }
            X509Certificate authority = certificate(keys.resolve(CA));
            if (!Files.exists(keys.resolve(NODE)) || mustRenew(keys, authority)) {
                makeNode(keys, authority);
            }
            X509Certificate node = certificate(keys.resolve(NODE));
            try {
                node.verify(authority.getPublicKey());
            } catch (GeneralSecurityException e) {
                throw new NodeRefused(
                        keys.resolve(NODE) + " was not signed by " + keys.resolve(CA) + "; remove " + NODE
                                + " to have it made anew (this needs " + CA_KEY + ")",
                        e);
            }
            return new Trust(authority, node, key(keys.resolve(NODE_KEY)));
        } catch (IOException e) {
            throw home.cannotWrite(e);
        } catch (GeneralSecurityException | OperatorCreationException e) {
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
                if (!certificate(own).equals(certificate(directory.resolve(CA)))) {
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
        char[] none = new char[0];
        KeyStore identity = KeyStore.getInstance("PKCS12");
        identity.load(null, none);
        identity.setKeyEntry("node", nodeKey, none, new X509Certificate[] {node, authority});
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, none);
        trusted.setCertificateEntry("ca", authority);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(identity, none);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), RANDOM);
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

    private static boolean mustRenew(Path keys, X509Certificate authority) throws IOException {
        Instant end = certificate(keys.resolve(NODE)).getNotAfter().toInstant();
        boolean wanted = end.isBefore(Instant.now().plus(RENEW_BEFORE))
                && end.isBefore(authority.getNotAfter().toInstant());
        return wanted && Files.exists(keys.resolve(CA_KEY));
    }

    private static void makeAuthority(Path keys)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        KeyPair pair = newKeyPair();
        X500Principal name =
                new X500Principal("CN=PostDevAI CA " + serial().toString(16).substring(0, 8));
        JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
        Instant now = Instant.now();
        X509CertificateHolder holder = new JcaX509v3CertificateBuilder(
                        name,
                        serial(),
                        Date.from(now.minus(CLOCK_TOLERANCE)),
                        Date.from(now.plus(CA_LIFE)),
                        name,
                        pair.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                .addExtension(
                        Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(pair.getPublic()))
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
        // The key first: a CA certificate without its key could never sign, and would not be made again.
        PrivateFiles.write(keys.resolve(CA_KEY), pem(pair.getPrivate()));
        PrivateFiles.write(keys.resolve(CA), pem(new JcaX509CertificateConverter().getCertificate(holder)));
    }

    private static void makeNode(Path keys, X509Certificate authority)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        if (!Files.exists(keys.resolve(CA_KEY))) {
            throw new NodeRefused("cannot make a certificate for this node: " + keys.resolve(CA)
                    + " is there but its key " + CA_KEY + " is not; copy it from a node of the cluster");
        }
        PrivateKey authorityKey = key(keys.resolve(CA_KEY));
        KeyPair pair = newKeyPair();
        JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
        Instant now = Instant.now();
        Instant end = now.plus(NODE_LIFE);
        Instant authorityEnd = authority.getNotAfter().toInstant();
        GeneralName[] names = {
            new GeneralName(GeneralName.dNSName, NODE_NAME),
            new GeneralName(GeneralName.dNSName, "localhost"),
            new GeneralName(GeneralName.iPAddress, "127.0.0.1")
        };
        X509CertificateHolder holder = new JcaX509v3CertificateBuilder(
                        X500Name.getInstance(authority.getSubjectX500Principal().getEncoded()),
                        serial(),
                        Date.from(now.minus(CLOCK_TOLERANCE)),
                        Date.from(end.isBefore(authorityEnd) ? end : authorityEnd),
                        new X500Name("CN=" + NODE_NAME),
                        pair.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                    KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                }))
                .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names))
                .addExtension(
                        Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(authority))
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(authorityKey));
        PrivateFiles.write(keys.resolve(NODE_KEY), pem(pair.getPrivate()));
        PrivateFiles.write(keys.resolve(NODE), pem(new JcaX509CertificateConverter().getCertificate(holder)));
    }

    private static KeyPair newKeyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
        return generator.generateKeyPair();
    }

    /** 127 random bits, so that serial numbers never meet and say nothing. */
    private static BigInteger serial() {
        return new BigInteger(126, RANDOM).setBit(126);
    }

    private static String pem(Object content) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            // PKCS 8, which every tool reads, instead of the writer's own choice for each algorithm.
            writer.writeObject(
                    content instanceof PrivateKey key ? new PemObject("PRIVATE KEY", key.getEncoded()) : content);
        }
        return text.toString();
    }

    private static X509Certificate certificate(Path file) throws IOException {
        try {
            if (parse(file) instanceof X509CertificateHolder holder) {
                return new JcaX509CertificateConverter().getCertificate(holder);
            }
        } catch (GeneralSecurityException e) {
            throw damaged(file, e);
        }
        throw new NodeRefused(file + " holds no PEM certificate; restore it from a backup");
    }

    private static PrivateKey key(Path file) throws IOException {
        if (PrivateFiles.isOpenToOthers(file)) {
            throw new NodeRefused(
                    "the private key " + file + " can be read by others; chmod 600 it, and if others used "
                            + "this machine meanwhile, make new keys by removing the directory " + file.getParent());
        }
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        if (!(parse(file) instanceof PrivateKeyInfo info)) {
            throw new NodeRefused(file + " holds no PEM private key (PKCS 8); restore it from a backup");
        }
        try {
            return converter.getPrivateKey(info);
        } catch (PEMException e) {
            throw damaged(file, e);
        }
    }

    private static Object parse(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file);
                PEMParser parser = new PEMParser(reader)) {
            return parser.readObject();
        } catch (PEMException | DecoderException e) {
            throw damaged(file, e);
        }
    }

    private static NodeRefused damaged(Path file, Exception cause) {
        return new NodeRefused(file + " is damaged: " + cause.getMessage() + "; restore it from a backup", cause);
    }
}
