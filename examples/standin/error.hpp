// What the service says when it says no: a status, an error type, a sentence.

#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace standin {

using Json = nlohmann::ordered_json;  // keeps members in the order in which the service writes them

struct ApiError {
  int status;
  std::string message;
  Json details = nullptr;
  bool close = false;  // the rest of the connection's bytes cannot be trusted
};

// 400 with the place first, as the service words it: "messages.0.role: ...".
[[noreturn]] inline void refuse(const std::string& where, const std::string& why) {
  throw ApiError{400, where + ": " + why};
}

inline const char* error_type(int status) {
  switch (status) {
    case 401: return "authentication_error";
    case 402: return "billing_error";
    case 403: return "permission_error";
    case 404: return "not_found_error";
    case 409: return "conflict_error";
    case 413: return "request_too_large";
    case 429: return "rate_limit_error";
    case 504: return "timeout_error";
    case 529: return "overloaded_error";
    default: return status >= 500 ? "api_error" : "invalid_request_error";
  }
}

inline const char* default_message(int status) {
  switch (status) {
    case 401: return "invalid x-api-key";
    case 402: return "Your credit balance is too low.";
    case 403: return "Your API key does not have permission to use this resource.";
    case 404: return "Not found";
    case 409: return "The resource was modified by another request.";
    case 413: return "Request exceeds the maximum size";
    case 429: return "This request would exceed your organization's rate limit.";
    case 500: return "Internal server error";
    case 504: return "Request timed out.";
    case 529: return "Overloaded";
    default: return "The stand-in was asked to answer with this status.";
  }
}

inline const char* reason_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Payload Too Large";
    case 422: return "Unprocessable Entity";
    case 429: return "Too Many Requests";
    case 500: return "Internal Server Error";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "";
  }
}

inline Json error_body(const ApiError& error, const std::string& request_id) {
  Json inner = {{"type", error_type(error.status)}, {"message", error.message}};
  if (!error.details.is_null()) inner["details"] = error.details;
  return {{"type", "error"}, {"error", std::move(inner)}, {"request_id", request_id}};
}

}  // namespace standin
