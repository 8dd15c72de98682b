// Asks Claude when the board starts, and prints the answer while it streams. ESP32; other boards take another client.
// Copy examples/transports/arduino.hpp of picoclaude beside this file.
#include <WiFi.h>
#include <WiFiClientSecure.h>
#include <picoclaude.hpp>

#include "arduino.hpp"
#include "secrets.h"  // ssid, password, api_key and root (the PEM of the authority that signs for api.anthropic.com)

WiFiClientSecure network;
ArduinoTls<WiFiClientSecure> tls{network};
picoclaude::Workspace<1024> memory;
picoclaude::Config config;
picoclaude::Client<ArduinoTls<WiFiClientSecure>> claude{tls, memory, config};
picoclaude::Request request;

void setup() {
  Serial.begin(115200);
  WiFi.begin(ssid, password);
  while (WiFi.status() != WL_CONNECTED) delay(100);
  configTime(0, 0, "pool.ntp.org");  // certificates have dates
  while (time(nullptr) < 1767225600) delay(100);
  network.setCACert(root);
  config.api_key = api_key;
  request.model = "claude-haiku-4-5";
  request.max_tokens = 300;
  request.prompt = "Name three moons of Jupiter.";
  claude.begin(request);
}

void loop() {
  while (const auto event = claude.next()) {
    if (event.kind == picoclaude::EventKind::text) Serial.write(event.text.data(), event.text.size());
  }
  delay(100);
}
