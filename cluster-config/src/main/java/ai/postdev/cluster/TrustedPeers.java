package ai.postdev.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import scala.Option;

/**
 * TLS of the cluster transport: version 1.3 only, both sides must show a certificate of the cluster's own CA that names a
 * node ({@link Trust#NODE_NAME}).
 *
 * <p>Pekko's own providers would check the peer's host name instead. A node's address changes with every network a laptop
 * visits, and a name in an address book proves less than the fixed name that only the CA can grant.
 */
public final class TrustedPeers implements SSLEngineProvider {
    private static final String[] PROTOCOLS = {"TLSv1.3"};
    private static final int DNS_NAME = 2; // of RFC 5280, as X509Certificate numbers alternative names

    private final SSLContext context;

    /** Called by Pekko; the keys are those of the home in {@code postdevai.home}. */
    public TrustedPeers(ActorSystem system) throws GeneralSecurityException, IOException {
        this(Trust.of(Home.at(Path.of(system.settings().config().getString("postdevai.home"))), "")
                .tls());
    }

    TrustedPeers(SSLContext context) {
        this.context = context;
    }

    @Override
    public SSLEngine createServerSSLEngine(String hostname, int port) {
        SSLEngine engine = engine(hostname, port);
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(true);
        return engine;
    }

    @Override
    public SSLEngine createClientSSLEngine(String hostname, int port) {
        SSLEngine engine = engine(hostname, port);
        engine.setUseClientMode(true);
        return engine;
    }

    private SSLEngine engine(String hostname, int port) {
        SSLEngine engine = context.createSSLEngine(hostname, port);
        engine.setEnabledProtocols(PROTOCOLS);
        return engine;
    }

    @Override
    public Option<Throwable> verifyClientSession(String hostname, SSLSession session) {
        return verify(hostname, session);
    }

    @Override
    public Option<Throwable> verifyServerSession(String hostname, SSLSession session) {
        return verify(hostname, session);
    }

    /** The handshake has proved the CA; this proves that the certificate is one of a node. */
    private static Option<Throwable> verify(String hostname, SSLSession session) {
        try {
            if (session.getPeerCertificates()[0] instanceof X509Certificate peer && isNode(peer)) {
                return Option.empty();
            }
            return Option.apply(new SSLPeerUnverifiedException(
                    "the certificate of " + hostname + " does not name " + Trust.NODE_NAME));
        } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
            return Option.apply(e);
        }
    }

    static boolean isNode(X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        return names != null
                && names.stream()
                        .anyMatch(name ->
                                name.get(0).equals(DNS_NAME) && name.get(1).equals(Trust.NODE_NAME));
    }
}
