package ai.postdev.developer.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFilesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                ".env",
                "app/.env.production",
                ".env.local",
                "prod.env",
                ".envrc",
                "server.pem",
                "tls/private.KEY",
                "id_rsa",
                "home/.ssh/id_ed25519",
                ".ssh/config",
                "store.p12",
                "release.jks",
                "android/app.keystore",
                "credentials",
                ".npmrc",
                "a/.pypirc",
                ".netrc",
                ".aws/credentials",
                "me/.aws/credentials",
                ".kube/config",
                "kubeconfig",
                ".git-credentials",
                "terraform.tfstate",
                "infra/prod.tfvars",
                "credentials.json",
                "client_secret_123.json",
                ".docker/config.json",
                "secrets.yml",
                ".pgpass",
                ".htpasswd",
                "x/.gnupg/secring.gpg",
                "my-service-account-dev.json",
                "PuTTY.ppk"
            })
    void namesFilesThatAreNeverRead(String path) {
        assertTrue(SecretFiles.reason(path).orElse("").startsWith("secret file, never read: "), path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".env.example",
                ".env.sample",
                "config/.env.template",
                ".env.production.example",
                "id_rsa.pub",
                "src/Credentials.java",
                "credentials.py",
                "environment.ts",
                "keys.go",
                "README.md",
                "secrets.md",
                "src/key/Main.java",
                "monkey.txt",
                "package.json",
                "docs/credentials.md",
                "config.json",
                ".ssh/known_hosts",
                "shadow.css",
                "env.py",
                "test.env.js"
            })
    void leavesTemplatesPublicKeysAndCodeReadable(String path) {
        assertEquals(Optional.empty(), SecretFiles.reason(path), path);
    }
}
