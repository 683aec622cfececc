#!/usr/bin/env bash
# Makes the worthless example PKI that this folder holds:
#
#   root  →  public-sector CA  →  one seal per example organ (profile CDA-1 SENM)
#
# What already exists is kept, so running it twice changes nothing. To make a thing anew, delete its
# file (for everything: authorities/ seals/ trust/) and run it again. Needs bash and OpenSSL 3.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p authorities seals trust

# Dates far apart, so that a clone of this repository works for years.
readonly FROM=20260101000000Z SEALS_UNTIL=20450101000000Z AUTHORITIES_UNTIL=20460101000000Z

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# --- configuration ----------------------------------------------------------------------------------

# The parts every certificate shares. `openssl ca` is used instead of `openssl x509 -req` because it
# alone sets both dates.
cat > "$work/base.cnf" <<'CNF'
[ca]
default_ca = here

[here]
new_certs_dir    = $ENV::WORK
database         = $ENV::WORK/index
rand_serial      = yes
unique_subject   = no
default_md       = sha256
policy           = as_asked
string_mask      = utf8only
email_in_dn      = no
preserve         = yes

[as_asked]
countryName            = supplied
organizationName       = supplied
organizationIdentifier = optional
organizationalUnitName = optional
serialNumber           = optional
commonName             = supplied

[req]
prompt             = no
utf8               = yes
string_mask        = utf8only
distinguished_name = subject

[root_extensions]
basicConstraints       = critical, CA:TRUE
keyUsage               = critical, keyCertSign, cRLSign
subjectKeyIdentifier   = hash

[ca_extensions]
basicConstraints       = critical, CA:TRUE, pathlen:0
keyUsage               = critical, keyCertSign, cRLSign
subjectKeyIdentifier   = hash
authorityKeyIdentifier = keyid:always
certificatePolicies    = 2.5.29.32.0
crlDistributionPoints  = URI:http://crl.example.invalid/root.crl
authorityInfoAccess    = OCSP;URI:http://ocsp.example.invalid, caIssuers;URI:http://ca.example.invalid/root.crt
CNF

authority_subject() {  # COMMON-NAME
    printf '%s\n' '[subject]' 'countryName = ES' \
        'organizationName = Consorci Exemple (sense cap valor)' "commonName = $(plain "$1")"
}

# Values in these files treat a quotation mark as OpenSSL's own.
plain() { printf '%s' "${1//\'/\\\'}"; }

# The directory name in the subject alternative name of a seal of medium level: national profile,
# 2.16.724.1.3.5.6.2.n. Fields 4 and 6-9 are a custodian's personal data in a real seal; here they are
# invented, so that tests can prove they are never shown. Spelt out as ASN.1, because the short form
# (dirName:) knows no UTF-8.
directory_name() {  # NIF ENTITY SYSTEM
    local values=("SEGELL ELECTRÒNIC DE NIVELL MIG" "$2" "$1" 00000000T "$3"
        "Nom Inventat" "Cognom Inventat" "Segon Inventat" custodia@example.invalid)
    local n
    echo '[names]'
    for n in {1..9}; do echo "$n = SET:name_$n"; done
    for n in {1..9}; do
        printf '[name_%s]\nattribute = SEQUENCE:attribute_%s\n' "$n" "$n"
        printf '[attribute_%s]\ntype = OID:2.16.724.1.3.5.6.2.%s\n' "$n" "$n"
        printf 'value = FORMAT:UTF8,UTF8String:%s\n' "${values[n - 1]}"
    done
}

# The profile of a seal "nivell mig": subject, extensions, qualified statements, directory name.
seal_profile() {  # NIF ENTITY SYSTEM
    local entity system
    entity=$(plain "$2") system=$(plain "$3")
    cat <<CNF
[subject]
countryName            = ES
organizationName       = $entity
organizationIdentifier = VATES-$1
organizationalUnitName = Certificat de segell electrònic nivell mig
serialNumber           = $1
commonName             = $system

[seal_extensions]
basicConstraints       = critical, CA:FALSE
keyUsage               = critical, digitalSignature, nonRepudiation, keyEncipherment
extendedKeyUsage       = clientAuth
subjectKeyIdentifier   = hash
authorityKeyIdentifier = keyid:always
# 32473 is the enterprise number kept for examples (RFC 5612), in place of the issuer's own policy.
certificatePolicies    = 2.16.724.1.3.5.6.2, 0.4.0.194112.1.1, 1.3.6.1.4.1.32473.6.2
crlDistributionPoints  = URI:http://crl.example.invalid/sector-public.crl
authorityInfoAccess    = OCSP;URI:http://ocsp.example.invalid, caIssuers;URI:http://ca.example.invalid/sector-public.crt
1.3.6.1.5.5.7.1.3      = ASN1:SEQUENCE:statements
subjectAltName         = ASN1:SEQUENCE:alternative_names

[statements]
compliance = SEQUENCE:qc_compliance
retention  = SEQUENCE:qc_retention
disclosure = SEQUENCE:qc_pds
type       = SEQUENCE:qc_type

[qc_compliance]
id = OID:0.4.0.1862.1.1

[qc_retention]
id    = OID:0.4.0.1862.1.3
years = INTEGER:15

[qc_pds]
id        = OID:0.4.0.1862.1.5
locations = SEQUENCE:qc_pds_locations

[qc_pds_locations]
english = SEQUENCE:qc_pds_english

[qc_pds_english]
url      = IA5STRING:https://pds.example.invalid/en
language = PRINTABLESTRING:en

[qc_type]
id    = OID:0.4.0.1862.1.6
types = SEQUENCE:qc_type_eseal

[qc_type_eseal]
eseal = OID:0.4.0.1862.1.6.2

[alternative_names]
directory_name = EXPLICIT:4,SEQUENCE:names

$(directory_name "$1" "$entity" "$system")
CNF
}

# --- steps ------------------------------------------------------------------------------------------

new_key() {  # KIND
    case $1 in
        rsa-*) openssl genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:${1#rsa-}" ;;
        *) openssl genpkey -quiet -algorithm EC -pkeyopt "ec_paramgen_curve:$1" \
            -pkeyopt ec_param_enc:named_curve ;;
    esac
}

# Asks for a certificate with the subject and extensions of $work/request.cnf and issues it.
issue() {  # KEY EXTENSIONS UNTIL OUTPUT [ISSUER], without an issuer self-signed
    local key=$1 extensions=$2 until=$3 output=$4 issuer=${5:-}
    cat "$work/base.cnf" - > "$work/request.cnf"
    : > "$work/index"
    local by=(-selfsign -keyfile "$key")
    [[ -z $issuer ]] || by=(-cert "trust/$issuer.pem" -keyfile "authorities/$issuer.key.pem")
    export WORK=$work
    openssl req -new -config "$work/request.cnf" -key "$key" -out "$work/request.pem"
    openssl ca -batch -notext -utf8 -config "$work/request.cnf" -extensions "$extensions" \
        -startdate "$FROM" -enddate "$until" "${by[@]}" \
        -in "$work/request.pem" -out "$output" 2> "$work/log" || { cat "$work/log" >&2; exit 1; }
}

authority() {  # NAME COMMON-NAME EXTENSIONS [ISSUER]
    local name=$1 common_name=$2 extensions=$3 issuer=${4:-}
    [[ -e trust/$name.pem ]] && return
    new_key rsa-3072 > "authorities/$name.key.pem"
    authority_subject "$common_name" |
        issue "authorities/$name.key.pem" "$extensions" "$AUTHORITIES_UNTIL" "trust/$name.pem" "$issuer"
    echo "made trust/$name.pem"
}

seal() {  # DIR3 KEY-KIND CONTAINER NIF ENTITY SYSTEM
    local dir3=$1 kind=$2 container=$3 nif=$4 entity=$5 system=$6
    local key=$work/key.pem certificate=$work/certificate.pem passphrase=seals/$dir3.pass
    [[ -e seals/$dir3.p12 || -e seals/$dir3.key.pem ]] && return
    new_key "$kind" > "$key"
    seal_profile "$nif" "$entity" "$system" |
        issue "$key" seal_extensions "$SEALS_UNTIL" "$certificate" sector-public
    local export=(openssl pkcs12 -export -inkey "$key" -in "$certificate"
        -certfile trust/sector-public.pem -name "$system" -passout "file:$passphrase"
        -out "seals/$dir3.p12")
    case $container in
        pkcs12)
            echo "exemple-$dir3" > "$passphrase"
            "${export[@]}" ;;
        pkcs12-rc2)  # As Windows and old Java exported them: OpenSSL 3 reads it with its legacy provider only.
            echo "exemple-$dir3" > "$passphrase"
            "${export[@]}" -legacy -certpbe PBE-SHA1-RC2-40 -keypbe PBE-SHA1-RC2-40 -macalg sha1 ;;
        pem)
            cp "$key" "seals/$dir3.key.pem"
            cat "$certificate" trust/sector-public.pem > "seals/$dir3.chain.pem" ;;
    esac
    echo "made the seal of $dir3 ($kind, $container)"
}

authority root          "Arrel d'Exemple"                 root_extensions
authority sector-public "CA Sector Públic d'Exemple"      ca_extensions   root

#    DIR3      key       container   NIF       entity                                system
seal L01990015 rsa-2048  pkcs12      P9900100J "Ajuntament de Vallserena"             "Segell electrònic de Vallserena (exemple)"
seal L01990027 rsa-3072  pkcs12      P9900200H "Ajuntament de Pinosa del Mar"         "Segell electrònic de Pinosa del Mar (exemple)"
seal L01990033 P-256     pem         P9900300F "Ajuntament deth Pònt d'Arriu"         "Sagèth electronic deth Pònt d'Arriu (exemple)"
seal L01990048 rsa-2048  pkcs12-rc2  P9900400D "Ajuntament de Castellfosc"            "Segell electrònic de Castellfosc (exemple)"
seal L01990051 P-384     pem         P9900500A "Ajuntament de Roca-sallent"           "Segell electrònic de Roca-sallent (exemple)"
