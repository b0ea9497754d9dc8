package ai.postdev.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustTest {
    @TempDir
    Path dir;

    private Home home(String name) {
        return Home.at(dir.resolve(name)).prepare();
    }

    @Test
    void isMadeOnceAndReadAfterThat() {
        Home home = home("a");
        String first = Trust.of(home, "").authorityFingerprint();
        assertEquals(first, Trust.of(home, "").authorityFingerprint());
        assertNotEquals(first, Trust.of(home("b"), "").authorityFingerprint());
    }

    @Test
    void isSharedByCopyingTheAuthority() throws Exception {
        Trust first = Trust.of(home("a"), "");
        Trust second = Trust.of(home("b"), home("a").keys().toString());
        assertEquals(first.authorityFingerprint(), second.authorityFingerprint());
        handshake(first.tls(), second.tls());
        handshake(second.tls(), first.tls());
    }

    @Test
    void ofAnotherAuthorityIsRefusedByBothSides() throws Exception {
        SSLContext ours = Trust.of(home("a"), "").tls();
        SSLContext theirs = Trust.of(home("b"), "").tls();
        assertThrows(SSLException.class, () -> handshake(ours, theirs));
        assertThrows(SSLException.class, () -> handshake(theirs, ours));
    }

    @Test
    void aClientWithoutACertificateIsRefused() throws Exception {
        SSLContext ours = Trust.of(home("a"), "").tls();
        SSLContext nobody = SSLContext.getInstance("TLSv1.3");
        nobody.init(null, new javax.net.ssl.TrustManager[] {new TrustsEverybody()}, null);
        assertThrows(SSLException.class, () -> handshake(nobody, ours));
    }

    /** What an attacker's client would use. */
    private static final class TrustsEverybody extends javax.net.ssl.X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** Runs a handshake in memory, as the transport would over a wire. */
    private static void handshake(SSLContext client, SSLContext server) throws SSLException {
        SSLEngine asking = new TrustedPeers(client).createClientSSLEngine("localhost", 1);
        SSLEngine answering = new TrustedPeers(server).createServerSSLEngine("localhost", 2);
        asking.beginHandshake();
        answering.beginHandshake();
        ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
        ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
        ByteBuffer sink = ByteBuffer.allocate(1 << 16);
        boolean moved = true;
        while (moved) {
            moved = step(asking, toServer, toClient, sink) | step(answering, toClient, toServer, sink);
        }
        assertEquals(SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING, answering.getHandshakeStatus());
        assertEquals("TLSv1.3", answering.getSession().getProtocol());
    }

    private static boolean step(SSLEngine engine, ByteBuffer out, ByteBuffer in, ByteBuffer sink) throws SSLException {
        boolean moved = false;
        while (true) {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
            switch (engine.getHandshakeStatus()) {
                case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING, FINISHED -> {
                    in.flip();
                    int before = in.remaining();
                    sink.clear();
                    if (before > 0) {
                        engine.unwrap(in, sink);
                    }
                    boolean read = in.remaining() < before;
                    in.compact();
                    if (!read) {
                        return moved;
                    }
                }
                case NEED_TASK -> {
                    // Run above.
                }
            }
            moved = true;
        }
    }

    @Test
    void aHomeWithAnAuthorityDoesNotTakeAnother() {
        Trust.of(home("a"), "");
        Trust.of(home("b"), "");
        String message = assertThrows(
                        NodeRefused.class,
                        () -> Trust.importFrom(home("b"), home("a").keys()))
                .getMessage();
        assertTrue(message.contains("already has a CA"), message);
        Trust.importFrom(home("a"), home("a").keys());
    }

    @Test
    void keysThatOthersCanReadAreRefused() throws IOException {
        Home home = home("a");
        Trust.of(home, "");
        Path key = home.keys().resolve("node-key.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertTrue(assertThrows(NodeRefused.class, () -> Trust.of(home, ""))
                .getMessage()
                .contains("chmod 600"));
    }

    @Test
    void damageIsNamedWithTheFile() throws IOException {
        for (String name : List.of("ca.pem", "node.pem", "node-key.pem")) {
            Home home = home("of-" + name);
            Trust.of(home, "");
            Path file = home.keys().resolve(name);
            PrivateFiles.write(file, Files.readString(file).replaceFirst("(?s)\n.{30}", "\nAAAA"));
            String message =
                    assertThrows(NodeRefused.class, () -> Trust.of(home, "")).getMessage();
            assertTrue(message.contains(name), message);
        }
    }

    @Test
    void everyFlippedByteOfAKeyOrCertificateIsRefused() throws IOException {
        Home home = home("flipped");
        Trust.of(home, "");
        for (String name : List.of("ca.pem", "node.pem", "node-key.pem")) {
            Path file = home.keys().resolve(name);
            String good = Files.readString(file);
            for (int at = good.indexOf('\n') + 1; at < good.length(); at++) {
                char[] harmed = good.toCharArray();
                harmed[at] ^= 1;
                PrivateFiles.write(file, new String(harmed));
                assertThrows(NodeRefused.class, () -> Trust.of(home, ""), name + ", character " + at);
            }
            PrivateFiles.write(file, good.substring(good.indexOf('\n') + 1)); // as earlier versions wrote it
            Trust.of(home, "");
            PrivateFiles.write(file, good);
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityInTheHomeIsRefused() throws IOException {
        Trust.of(home("a"), "");
        Trust.of(home("b"), "");
        PrivateFiles.write(
                home("a").keys().resolve("node.pem"),
                Files.readString(home("b").keys().resolve("node.pem")));
        assertTrue(assertThrows(NodeRefused.class, () -> Trust.of(home("a"), ""))
                .getMessage()
                .contains("was not signed by"));
    }

    @Test
    void aPairIsCheckedOnceAndAgainWhereTheNoteOfThatIsNotItsOwn() throws IOException {
        Home home = home("a");
        Trust.of(home, "");
        Path checked = home.keys().resolve("node.checked");
        String noted = Files.readString(checked);
        for (byte[] other : List.of(new byte[0], new byte[] {(byte) 0xFF}, (noted + noted).getBytes(US_ASCII))) {
            Files.write(checked, other);
            Trust.of(home, "");
            assertEquals(noted, Files.readString(checked));
        }
        Files.delete(checked);
        Files.createDirectory(checked); // it cannot be noted
        Files.createFile(checked.resolve("full"));
        Trust.of(home, "");
        Trust.of(home("b"), "");
        PrivateFiles.write(
                home.keys().resolve("node.pem"),
                Files.readString(home("b").keys().resolve("node.pem")));
        assertThrows(NodeRefused.class, () -> Trust.of(home, ""));
    }

    @Test
    void onlyCertificatesThatNameANodeAreOnesOfNodes() throws Exception {
        Home home = home("a");
        Trust.of(home, "");
        java.security.cert.CertificateFactory factory = java.security.cert.CertificateFactory.getInstance("X.509");
        try (var node = Files.newInputStream(home.keys().resolve("node.pem"));
                var authority = Files.newInputStream(home.keys().resolve("ca.pem"))) {
            assertTrue(TrustedPeers.isNode((X509Certificate) factory.generateCertificate(node)));
            assertFalse(TrustedPeers.isNode((X509Certificate) factory.generateCertificate(authority)));
        }
    }
}
