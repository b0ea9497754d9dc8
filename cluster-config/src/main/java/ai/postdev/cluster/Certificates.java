package ai.postdev.cluster;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
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
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes certificates and their keys, EC P-256. Apart from {@link Trust}, because the library that this needs comes in
 * signed jars: to load one class of it costs a start of the node a quarter of a second, and only first starts need it.
 */
final class Certificates {
    static final Duration CA_LIFE = Duration.ofDays(3650);
    static final Duration NODE_LIFE = Duration.ofDays(825);
    /** Certificates count from this long ago, because the clocks of machines differ. */
    static final Duration CLOCK_TOLERANCE = Duration.ofDays(2);

    private static final SecureRandom RANDOM = new SecureRandom();

    private Certificates() {}

    /** Makes an authority: its certificate and its key, each in a file of its own. */
    static void makeAuthority(Path certificateFile, Path keyFile) throws GeneralSecurityException, IOException {
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
                .build(signer(pair.getPrivate()));
        // The key first: a CA certificate without its key could never sign, and would not be made again.
        PrivateFiles.write(keyFile, Pem.text(pair.getPrivate()));
        PrivateFiles.write(certificateFile, Pem.text(new JcaX509CertificateConverter().getCertificate(holder)));
    }

    /** Makes a key and a certificate for a node, signed by {@code authority}. */
    static void makeNode(X509Certificate authority, PrivateKey authorityKey, Path certificateFile, Path keyFile)
            throws GeneralSecurityException, IOException {
        KeyPair pair = newKeyPair();
        JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
        Instant now = Instant.now();
        Instant end = now.plus(NODE_LIFE);
        Instant authorityEnd = authority.getNotAfter().toInstant();
        GeneralName[] names = {
            new GeneralName(GeneralName.dNSName, Trust.NODE_NAME),
            new GeneralName(GeneralName.dNSName, "localhost"),
            new GeneralName(GeneralName.iPAddress, "127.0.0.1")
        };
        X509CertificateHolder holder = new JcaX509v3CertificateBuilder(
                        X500Name.getInstance(authority.getSubjectX500Principal().getEncoded()),
                        serial(),
                        Date.from(now.minus(CLOCK_TOLERANCE)),
                        Date.from(end.isBefore(authorityEnd) ? end : authorityEnd),
                        new X500Name("CN=" + Trust.NODE_NAME),
                        pair.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                    KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                }))
                .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names))
                .addExtension(
                        Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(authority))
                .build(signer(authorityKey));
        PrivateFiles.write(keyFile, Pem.text(pair.getPrivate()));
        PrivateFiles.write(certificateFile, Pem.text(new JcaX509CertificateConverter().getCertificate(holder)));
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

    private static ContentSigner signer(PrivateKey key) throws GeneralSecurityException {
        try {
            return new JcaContentSignerBuilder("SHA256withECDSA").build(key);
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
